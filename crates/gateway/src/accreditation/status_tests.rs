use miniz_oxide::deflate::compress_to_vec_zlib;
use proptest::prelude::*;

use super::*;

/// The examples of Token Status List §4.1 and §4.2: 16 statuses of one bit, 12 of two.
#[test]
fn short_examples_of_the_draft() {
    let one = inflate(&decode("eNrbuRgAAhcBXQ").unwrap(), STATUS_BYTES).unwrap();
    assert_eq!(one, [0xb9, 0xa3]);
    let two = inflate(&decode("eNo76fITAAPfAgc").unwrap(), STATUS_BYTES).unwrap();
    assert_eq!(two, [0xc9, 0x44, 0xf9]);
    let values: Vec<_> = (0..13).map(|index| value_at(&two, index)).collect();
    let said = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3].map(Some);
    assert_eq!(values[..12], said);
    assert_eq!(values[12], None);
}

/// The test vectors of Token Status List, appendix C: 2^20 statuses, which is more than is taken here.
#[test]
fn long_examples_of_the_draft() {
    let compressed = decode(ONE_BIT).unwrap();
    let one = inflate(&compressed, 1 << 17).unwrap();
    assert_eq!(one.len(), 1 << 17);
    let set: Vec<usize> = (0..1 << 20)
        .filter(|at| one[at / 8] >> (at % 8) & 1 == 1)
        .collect();
    assert_eq!(
        set,
        [
            0, 1_993, 25_460, 159_495, 495_669, 554_353, 645_645, 723_232, 854_545, 934_534, 1_000_345
        ]
    );
    assert_eq!(inflate(&compressed, STATUS_BYTES), None);

    let compressed = decode(TWO_BITS).unwrap();
    let two = inflate(&compressed, 1 << 18).unwrap();
    let set: Vec<(u32, u8)> = (0..1 << 20)
        .map(|at| (at, value_at(&two, at).unwrap()))
        .filter(|(_, value)| *value != 0)
        .collect();
    assert_eq!(
        set,
        [
            (0, 1),
            (1_993, 2),
            (25_460, 1),
            (159_495, 3),
            (495_669, 1),
            (554_353, 1),
            (645_645, 2),
            (723_232, 1),
            (854_545, 1),
            (934_534, 2),
            (1_000_345, 3)
        ]
    );
    assert_eq!(inflate(&compressed, STATUS_BYTES), None);
}

#[test]
fn a_list_is_inflated_to_its_bound_and_no_further() {
    for level in [0, 1, 9] {
        let full = compress_to_vec_zlib(&vec![0; STATUS_BYTES], level);
        assert_eq!(
            inflate(&full, STATUS_BYTES).map(|list| list.len()),
            Some(STATUS_BYTES)
        );
        let more = compress_to_vec_zlib(&vec![0; STATUS_BYTES + 1], level);
        assert_eq!(inflate(&more, STATUS_BYTES), None);
    }
    // A thousandfold.
    let bomb = compress_to_vec_zlib(&vec![0; 1 << 24], 9);
    assert!(bomb.len() < 1 << 15);
    assert_eq!(inflate(&bomb, STATUS_BYTES), None);
    assert_eq!(
        inflate(&compress_to_vec_zlib(&[], 9), STATUS_BYTES),
        Some(Vec::new())
    );
}

#[test]
fn what_is_no_zlib_is_no_list() {
    let good = compress_to_vec_zlib(&[0xc9, 0x44, 0xf9], 9);
    for cut in 0..good.len() {
        assert_eq!(inflate(&good[..cut], STATUS_BYTES), None, "{cut}");
    }
    // Raw DEFLATE, gzip, a wrong checksum.
    assert_eq!(inflate(&good[2..], STATUS_BYTES), None);
    assert_eq!(
        inflate(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0], STATUS_BYTES),
        None
    );
    let mut changed = good;
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(inflate(&changed, STATUS_BYTES), None);
}

fn status() -> impl Strategy<Value = Status> {
    prop_oneof![
        Just(Status::Valid),
        Just(Status::Revoked),
        Just(Status::Suspended)
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read(statuses in proptest::collection::vec(status(), 0..200), size in 0usize..60) {
        let numbered = (0u32..).zip(statuses.iter().copied());
        let list = inflate(&deflate(numbered.clone(), size), STATUS_BYTES).unwrap();
        prop_assert_eq!(list.len(), size);
        let written: std::collections::HashMap<u32, Status> = numbered.collect();
        for index in 0..300 {
            let said = match written.get(&index).copied().unwrap_or(Status::Valid) {
                Status::Valid => 0,
                Status::Revoked => 1,
                Status::Suspended => 2,
            };
            let inside = usize::try_from(index).unwrap() < 4 * size;
            prop_assert_eq!(value_at(&list, index), inside.then_some(said));
        }
    }

    #[test]
    fn no_bytes_panic_or_grow(bytes in proptest::collection::vec(any::<u8>(), 0..200), index in any::<u32>()) {
        for header in [&[][..], &[0x78, 0xda]] {
            if let Some(list) = inflate(&[header, &bytes].concat(), 1_000) {
                prop_assert!(list.len() <= 1_000);
                let _ = value_at(&list, index);
            }
        }
    }
}

const ONE_BIT: &str = "\
    eNrt3AENwCAMAEGogklACtKQPg9LugC9k_ACvreiogEAAKkeCQAAAAAAAAAAAAAAAAAAAIBylgQAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAXG9IAAAAAAAAAPwsJAAAAAAAAAAAAAAAvhsSAAAAAAAAAAAA7KpLAAAAAAAAAAAA\
    AAAAAAAAAJsLCQAAAAAAAAAAADjelAAAAAAAAAAAKjDMAQAAAACAZC8L2AEb";

const TWO_BITS: &str = "\
    eNrt2zENACEQAEEuoaBABP5VIO01fCjIHTMStt9ovGVIAAAAAABAbiEBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AEB5WwIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAID0ugQAAAAAAAAAAAAAAAAAQG12SgAAAAAAAAAAAAAAAAAAAAAAAAAAAOCSIQEAAAAAAAAAAAAAAAAA\
    AAAAAAD8ExIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAwJEuAQAAAAAAAAAAAAAAAAAAAAAAAMB9SwIAAAAAAAAA\
    AAAAAAAAAACoYUoAAAAAAAAAAAAAAEBqH81gAQw";
