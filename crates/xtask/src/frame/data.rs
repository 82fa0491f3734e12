//! Blanks the static data that nothing points at any more.
//!
//! The linker leaves out what nobody uses, but it ran before the panics were cut: their words, the places in the
//! source that they name, and the tables by which `Debug` tells letters from signs stayed. The addresses of what
//! is left stay as they are, and zeros weigh nothing once compressed.

use std::{collections::BTreeSet, ops::Range};

use anyhow::{Result, ensure};
use wasmparser::{Operator, OperatorsReader, Parser, Payload};

use super::linked::{self, Linked, Segment, Symbol};

/// The symbols that the module's code can reach. Nothing may have calculated with addresses between the linker and
/// this: they are told by their exact values.
pub fn reachable(wasm: &[u8], linked: &Linked) -> Result<BTreeSet<usize>> {
    let (mut in_code, mut in_globals, mut segments) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::CodeSectionEntry(body) => read(body.get_operators_reader()?, &mut in_code)?,
            // A static that is exported is a global that holds its address.
            Payload::GlobalSection(globals) => {
                for global in globals {
                    read(global?.init_expr.get_operators_reader(), &mut in_globals)?;
                }
            }
            Payload::DataSection(section) => segments = linked::segments(&section)?,
            _ => {}
        }
    }
    let same = |(one, other): (&Segment, &Segment)| one.is(other);
    ensure!(
        segments.len() == linked.segments.len() && segments.iter().zip(&linked.segments).all(same),
        "the frame's data is not what the linker wrote: its relocations are those of another build"
    );
    let known: BTreeSet<u32> = linked.in_code.iter().map(|(address, _)| *address).collect();
    for number in in_code.difference(&known) {
        ensure!(
            !segments
                .iter()
                .any(|segment| segment.addresses().contains(number)),
            "the code has the address {number}, which the linker wrote nowhere: something calculated with addresses \
             (or it is a number that looks like one, and has to be another)"
        );
    }

    let pointed_at = linked
        .in_code
        .iter()
        .filter(|(address, _)| in_code.contains(address));
    let mut next: Vec<usize> = pointed_at.map(|(_, symbol)| *symbol).collect();
    for (symbol, addresses) in statics(linked) {
        if in_globals.range(addresses.clone()).next().is_some() {
            next.push(symbol);
        }
    }
    let mut reachable = BTreeSet::new();
    while let Some(symbol) = next.pop() {
        if !reachable.insert(symbol) {
            continue;
        }
        if let Some(Symbol::Static(addresses)) = linked.symbols.get(symbol) {
            let first = linked
                .in_data
                .partition_point(|(address, _)| *address < addresses.start);
            let pointers = linked.in_data[first..]
                .iter()
                .take_while(|(address, _)| *address < addresses.end);
            next.extend(pointers.map(|(_, target)| *target));
        }
    }
    Ok(reachable)
}

/// The module without the data of all other symbols.
pub fn blank(wasm: &[u8], linked: &Linked, reachable: &BTreeSet<usize>) -> Result<Vec<u8>> {
    // What belongs to no symbol is nobody's to judge, and stays.
    let addresses = |stay: bool| {
        let chosen = statics(linked).filter(move |(symbol, _)| reachable.contains(symbol) == stay);
        chosen
            .flat_map(|(_, addresses)| addresses.clone())
            .collect::<BTreeSet<u32>>()
    };
    let gone = &addresses(false) - &addresses(true);
    let mut blanked = wasm.to_vec();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::DataSection(section) = payload? {
            for segment in linked::segments(&section)? {
                for (byte, address) in blanked[segment.place()].iter_mut().zip(segment.addresses()) {
                    if gone.contains(&address) {
                        *byte = 0;
                    }
                }
            }
        }
    }
    Ok(blanked)
}

fn statics(linked: &Linked) -> impl Iterator<Item = (usize, &Range<u32>)> {
    let symbols = linked.symbols.iter().enumerate();
    symbols.filter_map(|(number, symbol)| match symbol {
        Symbol::Static(addresses) => Some((number, addresses)),
        Symbol::Function(_) | Symbol::Other => None,
    })
}

/// Every number that could be an address: constants, and what loads and stores add to theirs. SIMD, which the
/// frame has none of, is an error of the parser's.
fn read(mut operators: OperatorsReader<'_>, constants: &mut BTreeSet<u32>) -> Result<()> {
    while !operators.eof() {
        let constant = match operators.read()? {
            Operator::I32Const { value } => value.cast_unsigned(),
            Operator::I32Load { memarg }
            | Operator::I64Load { memarg }
            | Operator::F32Load { memarg }
            | Operator::F64Load { memarg }
            | Operator::I32Load8S { memarg }
            | Operator::I32Load8U { memarg }
            | Operator::I32Load16S { memarg }
            | Operator::I32Load16U { memarg }
            | Operator::I64Load8S { memarg }
            | Operator::I64Load8U { memarg }
            | Operator::I64Load16S { memarg }
            | Operator::I64Load16U { memarg }
            | Operator::I64Load32S { memarg }
            | Operator::I64Load32U { memarg }
            | Operator::I32Store { memarg }
            | Operator::I64Store { memarg }
            | Operator::F32Store { memarg }
            | Operator::F64Store { memarg }
            | Operator::I32Store8 { memarg }
            | Operator::I32Store16 { memarg }
            | Operator::I64Store8 { memarg }
            | Operator::I64Store16 { memarg }
            | Operator::I64Store32 { memarg } => u32::try_from(memarg.offset)?,
            _ => continue,
        };
        constants.insert(constant);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::sample::{self, counted, data, module, section};

    /// The frame's module with this code and these globals.
    fn frame(instructions: &[&[u8]], globals: &[u8]) -> Vec<u8> {
        let body = [&[0], instructions.concat().as_slice(), &[0x0b]].concat();
        module(&[
            section(3, &[1, 0]),
            section(6, globals),
            section(10, &[vec![1], counted(&body)].concat()),
            data("useddeadreadlast"),
        ])
    }

    fn linked() -> Linked {
        Linked::read(&sample::linked()).unwrap()
    }

    /// The data that is left.
    fn left(wasm: &[u8], linked: &Linked) -> String {
        let reachable = reachable(wasm, linked).unwrap();
        let blanked = blank(wasm, linked, &reachable).unwrap();
        assert_eq!(blanked.len(), wasm.len());
        let (before, data) = blanked.split_at(blanked.len() - 21);
        assert_eq!(before, &wasm[..before.len()], "something else changed");
        let shown = |byte: &u8| {
            if byte.is_ascii_graphic() {
                char::from(*byte)
            } else {
                ' '
            }
        };
        data.iter().map(shown).collect()
    }

    // `i32.const` with an address, and what takes it off the stack again.
    const USED: &[u8] = &[0x41, 0x80, 0x08, 0x1a];
    const INSIDE_DEAD: &[u8] = &[0x41, 0x86, 0x08, 0x1a];
    const POINTER: &[u8] = &[0x41, 0x8c, 0x08, 0x1a];
    const UNHEARD_OF: &[u8] = &[0x41, 0x85, 0x08, 0x1a];
    /// `i32.load8_u` of an index, which the instruction adds to its own address.
    const READ: &[u8] = &[0x41, 0x00, 0x2d, 0x00, 0x89, 0x08, 0x1a];
    const NO_GLOBALS: &[u8] = &[0];

    #[test]
    fn what_nothing_points_at_is_blanked() {
        for (code, expected) in [
            (&[][..], "                    ."),
            (&[USED], "used                ."),
            (&[READ, USED], "used    read        ."),
            (&[INSIDE_DEAD], "    dead            ."),
            // The pointer itself is 0x410: no letters.
            (&[POINTER], "                last."),
        ] {
            assert_eq!(left(&frame(code, NO_GLOBALS), &linked()), expected);
        }
    }

    #[test]
    fn functions_are_reached_through_data() {
        let reached = |code| reachable(&frame(code, NO_GLOBALS), &linked()).unwrap();
        assert_eq!(reached(&[POINTER]), BTreeSet::from([3, 4, 5]));
        assert_eq!(reached(&[USED]), BTreeSet::from([0]));
    }

    #[test]
    fn a_global_holds_an_address_too() {
        let global = [1, 0x7f, 0, 0x41, 0x81, 0x08, 0x0b];
        assert_eq!(left(&frame(&[], &global), &linked()), "used                .");
    }

    #[test]
    fn bytes_that_two_share_stay_for_the_one_that_is_used() {
        let mut linked = linked();
        linked.symbols.push(Symbol::Static(1026..1030));
        assert_eq!(
            left(&frame(&[USED], NO_GLOBALS), &linked),
            "used                ."
        );
    }

    #[test]
    fn what_it_does_not_know_is_refused() {
        let other = module(&[data("useddeadreadlost")]);
        for (wasm, why) in [
            (other, "another build"),
            (module(&[]), "another build"),
            (frame(&[UNHEARD_OF], NO_GLOBALS), "the address 1029"),
        ] {
            let error = reachable(&wasm, &linked()).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
