use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which addresses may be asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Guard {
    /// Those that anyone on the internet can reach, and HTTPS alone.
    Public,
    /// These, this machine's own and private ones, and HTTP too: for the demo, where everything is on one machine.
    Sandbox,
}

impl Guard {
    pub(crate) fn allows(self, address: IpAddr) -> bool {
        let (public, local) = match v4_within(address) {
            IpAddr::V4(address) => (is_public_v4(address), is_local_v4(address)),
            IpAddr::V6(address) => (is_public_v6(address), is_local_v6(address)),
        };
        public || (local && self == Self::Sandbox)
    }
}

/// What is not globally reachable unicast (IANA's special-purpose registry, RFC 6890).
const REFUSED_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),       // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // shared by a carrier's customers
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local, where clouds keep their metadata
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // 6to4 relays
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarks
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),     // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),     // reserved, and broadcast
];

/// The only block that global unicast addresses are given out of.
const GLOBAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What within it is no one's, or leads elsewhere than it says.
const REFUSED_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments, Teredo among them
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4: a tunnel to any IPv4 address
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

/// NAT64 (RFC 6052): the last 32 bits are the IPv4 address that is reached.
const NAT64: (Ipv6Addr, u32) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

const UNIQUE_LOCAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7);

/// The IPv4 address that an IPv6 one stands for, where it is one of the two kinds that do; or the address itself.
fn v4_within(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if in_v6(address, NAT64) => {
            let [.., a, b, c, d] = address.octets();
            IpAddr::V4(Ipv4Addr::new(a, b, c, d))
        }
        address => address,
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !REFUSED_V4.iter().any(|block| in_v4(address, *block))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    in_v6(address, GLOBAL_V6) && !REFUSED_V6.iter().any(|block| in_v6(address, *block))
}

fn is_local_v4(address: Ipv4Addr) -> bool {
    address.is_loopback() || address.is_private()
}

fn is_local_v6(address: Ipv6Addr) -> bool {
    address.is_loopback() || in_v6(address, UNIQUE_LOCAL_V6)
}

fn in_v4(address: Ipv4Addr, (block, bits): (Ipv4Addr, u32)) -> bool {
    (address.to_bits() ^ block.to_bits()).leading_zeros() >= bits
}

fn in_v6(address: Ipv6Addr, (block, bits): (Ipv6Addr, u32)) -> bool {
    (address.to_bits() ^ block.to_bits()).leading_zeros() >= bits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each block by its first and its last address, written out: a slip in a mask above would be a slip in a test
    /// that reckons alike.
    const REFUSED: [(&str, &str); 23] = [
        ("0.0.0.0", "0.255.255.255"),
        ("10.0.0.0", "10.255.255.255"),
        ("100.64.0.0", "100.127.255.255"),
        ("127.0.0.0", "127.255.255.255"),
        ("169.254.0.0", "169.254.255.255"),
        ("172.16.0.0", "172.31.255.255"),
        ("192.0.0.0", "192.0.0.255"),
        ("192.0.2.0", "192.0.2.255"),
        ("192.88.99.0", "192.88.99.255"),
        ("192.168.0.0", "192.168.255.255"),
        ("198.18.0.0", "198.19.255.255"),
        ("198.51.100.0", "198.51.100.255"),
        ("203.0.113.0", "203.0.113.255"),
        ("224.0.0.0", "239.255.255.255"),
        ("240.0.0.0", "255.255.255.255"),
        // Up to NAT64 and the mapped addresses, whose own tests are below, and from there to global unicast.
        ("::", "::fffe:ffff:ffff"),
        ("::1:0:0:0", "64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("64:ff9b::1:0:0", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ];

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn bits(address: IpAddr) -> u128 {
        match address {
            IpAddr::V4(address) => address.to_bits().into(),
            IpAddr::V6(address) => address.to_bits(),
        }
    }

    fn like(model: IpAddr, bits: u128) -> Option<IpAddr> {
        match model {
            IpAddr::V4(_) => u32::try_from(bits)
                .ok()
                .map(|bits| Ipv4Addr::from_bits(bits).into()),
            IpAddr::V6(_) => Some(Ipv6Addr::from_bits(bits).into()),
        }
    }

    fn refused_block() -> impl Strategy<Value = (IpAddr, IpAddr)> {
        prop::sample::select(&REFUSED[..]).prop_map(|(first, last)| (ip(first), ip(last)))
    }

    /// As IPv6, in the two ways that are judged by the IPv4 address within.
    fn wrapped(address: Ipv4Addr) -> [IpAddr; 2] {
        let nat64 = NAT64.0.to_bits() | u128::from(address.to_bits());
        [address.to_ipv6_mapped().into(), Ipv6Addr::from_bits(nat64).into()]
    }

    #[test]
    fn the_first_and_the_last_of_each_block_are_refused() {
        for (first, last) in REFUSED {
            for address in [ip(first), ip(last)] {
                assert!(!Guard::Public.allows(address), "{address}");
            }
        }
    }

    #[test]
    fn what_lies_beside_a_block_is_public() {
        for address in [
            "1.0.0.0",
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "191.255.255.255",
            "192.0.1.0",
            "192.0.3.0",
            "192.88.98.255",
            "192.88.100.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.99.255",
            "198.51.101.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "2000::",
            "2001:200::",
            "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
            "2001:db9::",
            "2003::",
            "2606:4700:4700::1111",
            "3fff:1000::",
            "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        ] {
            assert!(Guard::Public.allows(ip(address)), "{address}");
        }
    }

    #[test]
    fn the_sandbox_adds_loopback_and_private_addresses_alone() {
        for address in [
            "127.0.0.1",
            "::1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "fd00::1",
            "::ffff:127.0.0.1",
        ] {
            assert!(Guard::Sandbox.allows(ip(address)), "{address}");
            assert!(!Guard::Public.allows(ip(address)), "{address}");
        }
        for address in [
            "0.0.0.0",
            "::",
            "169.254.169.254",
            "fe80::1",
            "224.0.0.1",
            "ff02::1",
            "255.255.255.255",
            "100.64.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
        ] {
            assert!(!Guard::Sandbox.allows(ip(address)), "{address}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn every_address_of_a_refused_block_is_refused((first, last) in refused_block(), place: u128) {
            let (first_bits, size) = (bits(first), bits(last) - bits(first));
            let offset = if size == u128::MAX { place } else { place % (size + 1) };
            let address = like(first, first_bits + offset).unwrap();
            prop_assert!(!Guard::Public.allows(address), "{address}");
            if let IpAddr::V4(address) = address {
                for wrapped in wrapped(address) {
                    prop_assert!(!Guard::Public.allows(wrapped), "{wrapped}");
                }
            }
        }

        #[test]
        fn every_other_address_is_allowed(v4: u32, v6: u128) {
            let beyond = |address: IpAddr| !REFUSED.iter().any(|(first, last)| {
                let (first, last) = (ip(first), ip(last));
                first.is_ipv4() == address.is_ipv4() && (bits(first)..=bits(last)).contains(&bits(address))
            });
            let v4 = Ipv4Addr::from_bits(v4);
            for address in [IpAddr::V4(v4)].into_iter().chain(wrapped(v4)) {
                prop_assert_eq!(Guard::Public.allows(address), beyond(IpAddr::V4(v4)), "{}", address);
            }
            // Global unicast, the rest of it as it comes.
            let v6 = IpAddr::V6(Ipv6Addr::from_bits((1 << 125) | (v6 >> 3)));
            prop_assert_eq!(Guard::Public.allows(v6), beyond(v6), "{}", v6);
        }
    }
}
