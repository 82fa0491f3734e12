//! What the linker knows of the frame, and nobody after it: where each static begins and ends, and what points at it
//! and at each function. It writes that down when it is told `--emit-relocs`.
//!
//! The format is that of the tool conventions' "Linking" and "Relocation Sections".

use std::{collections::BTreeMap, ops::Range};

use anyhow::{Context, Result, bail};
use rustc_demangle::demangle;
use wasmparser::{
    CustomSectionReader, DataKind, DataSectionReader, KnownCustom, Linking, Name, Operator, Parser, Payload,
    RelocationEntry, RelocationType, SymbolInfo, TypeRef,
};

/// The frame's statics and functions. A symbol is named by its place in the linker's table.
#[derive(Debug, Default)]
pub struct Linked {
    /// What can be pointed at.
    pub symbols: Vec<Symbol>,
    /// Every address of a static that stands in code, with its symbol.
    pub in_code: Vec<(u32, usize)>,
    /// The address of every pointer in data, in order, with the symbol it points at.
    pub in_data: Vec<(u32, usize)>,
    /// Which function names which other in its code, be it to call it or to hand it on; each by its number.
    pub calls: Vec<(u32, u32)>,
    /// The names of functions by their numbers.
    pub names: BTreeMap<u32, String>,
    /// The data itself: it must be the same wherever this is used.
    pub segments: Vec<Segment>,
}

/// What can be pointed at.
#[derive(Debug, PartialEq)]
pub enum Symbol {
    /// Data, by its addresses.
    Static(Range<u32>),
    /// A function, by its number.
    Function(u32),
    /// None of these.
    Other,
}

/// Data that is there from the start.
#[derive(Debug, PartialEq)]
pub struct Segment {
    /// The address of its first byte.
    pub address: u32,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Where in the file they are.
    place: usize,
}

impl Segment {
    /// Whether both put the same bytes at the same address.
    pub fn is(&self, other: &Self) -> bool {
        self.address == other.address && self.bytes == other.bytes
    }

    /// Where in memory its bytes go.
    pub fn addresses(&self) -> Range<u32> {
        let length = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        self.address..self.address.saturating_add(length)
    }

    /// Where in the file its bytes are.
    pub fn place(&self) -> Range<usize> {
        self.place..self.place + self.bytes.len()
    }
}

impl Linked {
    /// What the linker wrote down in its output.
    pub fn read(wasm: &[u8]) -> Result<Self> {
        let notes = Notes::read(wasm)?;
        let (Some(of_code), Some(of_data)) = (&notes.of_code, &notes.of_data) else {
            bail!("the linker did not write down its relocations: was it told `--emit-relocs`?");
        };
        let (mut in_code, mut in_data, mut calls) = (Vec::new(), Vec::new(), Vec::new());
        for entry in of_code {
            match notes.target(entry)? {
                Some((symbol, Symbol::Static(addresses))) => {
                    let address = i64::from(addresses.start) + entry.addend;
                    let address = u32::try_from(address).context("a relocation leads out of the memory")?;
                    in_code.push((address, symbol));
                }
                Some((_, Symbol::Function(function))) => calls.push((notes.function_at(entry)?, *function)),
                _ => {}
            }
        }
        for entry in of_data {
            if let Some((symbol, _)) = notes.target(entry)? {
                in_data.push((notes.address_at(entry)?, symbol));
            }
        }
        in_data.sort_unstable();
        Ok(Self {
            symbols: notes.symbols,
            in_code,
            in_data,
            calls,
            names: notes.names,
            segments: notes.segments,
        })
    }
}

/// What stands in the file.
#[derive(Default)]
struct Notes {
    symbols: Vec<Symbol>,
    names: BTreeMap<u32, String>,
    /// How many functions are imported: they come first in the count.
    imports: u32,
    /// Where in the file the code is, and in it each function.
    code: usize,
    bodies: Vec<Range<usize>>,
    /// Where in the file the data is.
    data: usize,
    segments: Vec<Segment>,
    of_code: Option<Vec<RelocationEntry>>,
    of_data: Option<Vec<RelocationEntry>>,
}

impl Notes {
    fn read(wasm: &[u8]) -> Result<Self> {
        let mut notes = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        notes.imports += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionStart { unchecked_range, .. } => {
                    notes.code = place(unchecked_range.start)?;
                }
                Payload::CodeSectionEntry(body) => {
                    let body = body.range();
                    notes.bodies.push(place(body.start)?..place(body.end)?);
                }
                Payload::DataSection(section) => {
                    notes.data = place(section.range().start)?;
                    notes.segments = segments(&section)?;
                }
                Payload::CustomSection(section) => notes.custom(&section)?,
                _ => {}
            }
        }
        Ok(notes)
    }

    /// These sections come last in the file, the symbols before what names them.
    fn custom(&mut self, section: &CustomSectionReader<'_>) -> Result<()> {
        match (section.name(), section.as_known()) {
            ("linking", KnownCustom::Linking(linking)) => {
                for part in linking.subsections() {
                    if let Linking::SymbolTable(table) = part? {
                        for symbol in table {
                            self.symbols.push(self.symbol(&symbol?)?);
                        }
                    }
                }
            }
            ("reloc.CODE", KnownCustom::Reloc(section)) => {
                self.of_code = Some(section.entries().into_iter().collect::<Result<_, _>>()?);
            }
            ("reloc.DATA", KnownCustom::Reloc(section)) => {
                self.of_data = Some(section.entries().into_iter().collect::<Result<_, _>>()?);
            }
            (_, KnownCustom::Name(parts)) => {
                for part in parts {
                    if let Name::Function(names) = part? {
                        for function in names {
                            let function = function?;
                            self.names
                                .insert(function.index, demangle(function.name).to_string());
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn symbol(&self, symbol: &SymbolInfo<'_>) -> Result<Symbol> {
        Ok(match symbol {
            SymbolInfo::Func { index, .. } => Symbol::Function(*index),
            SymbolInfo::Data {
                symbol: Some(data), ..
            } => {
                // The linker's own, such as the end of the heap, are in no segment.
                match self.segments.get(usize::try_from(data.index)?) {
                    Some(segment) => {
                        let begin = segment.address + data.offset;
                        Symbol::Static(begin..begin + data.size)
                    }
                    None => Symbol::Other,
                }
            }
            _ => Symbol::Other,
        })
    }

    /// The symbol whose address or number is written at the relocation, if it is of a kind that has a symbol.
    fn target(&self, entry: &RelocationEntry) -> Result<Option<(usize, &Symbol)>> {
        match entry.ty {
            RelocationType::MemoryAddrLeb
            | RelocationType::MemoryAddrSleb
            | RelocationType::MemoryAddrI32
            | RelocationType::FunctionIndexLeb
            | RelocationType::TableIndexSleb
            | RelocationType::TableIndexI32 => {
                let number = usize::try_from(entry.index)?;
                let symbol = self.symbols.get(number);
                let symbol = symbol
                    .with_context(|| format!("a relocation names symbol {number}, and there is none"))?;
                Ok(Some((number, symbol)))
            }
            RelocationType::TypeIndexLeb
            | RelocationType::GlobalIndexLeb
            | RelocationType::TableNumberLeb => Ok(None),
            // Addresses that are not absolute would go unseen.
            other => bail!("a relocation of a kind that the frame has none of: {other:?}"),
        }
    }

    /// The function in whose code the relocation is.
    fn function_at(&self, entry: &RelocationEntry) -> Result<u32> {
        let place = self.code + usize::try_from(entry.offset)?;
        let body = self.bodies.partition_point(|body| body.end <= place);
        self.bodies
            .get(body)
            .filter(|body| body.contains(&place))
            .context("a relocation lies in no function")?;
        Ok(self.imports + u32::try_from(body)?)
    }

    /// The address that the relocation is at.
    fn address_at(&self, entry: &RelocationEntry) -> Result<u32> {
        let place = self.data + usize::try_from(entry.offset)?;
        let segment = self
            .segments
            .iter()
            .find(|segment| segment.place().contains(&place));
        let segment = segment.context("a relocation lies in no data")?;
        Ok(segment.address + u32::try_from(place - segment.place)?)
    }
}

/// The segments of a data section.
pub fn segments(section: &DataSectionReader<'_>) -> Result<Vec<Segment>> {
    let mut segments = Vec::new();
    for segment in section.clone() {
        let segment = segment?;
        let DataKind::Active { offset_expr, .. } = segment.kind else {
            bail!("a data segment without an address");
        };
        let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
            bail!("a data segment whose address is no constant");
        };
        segments.push(Segment {
            address: value.cast_unsigned(),
            bytes: segment.data.to_vec(),
            place: place(segment.range.end)? - segment.data.len(),
        });
    }
    Ok(segments)
}

fn place(offset: u64) -> Result<usize> {
    Ok(usize::try_from(offset)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::sample::{self, custom, module};

    #[test]
    fn what_points_at_what_is_read() {
        let linked = Linked::read(&sample::linked()).unwrap();
        let texts = [1024..1028, 1028..1032, 1032..1036, 1036..1040, 1040..1044].map(Symbol::Static);
        assert_eq!(linked.symbols[..5], texts);
        assert_eq!(linked.symbols[5..], [Symbol::Function(1), Symbol::Other]);
        assert_eq!(
            linked.in_code,
            [(1024, 0), (1028, 1), (1030, 1), (1033, 2), (1036, 3)]
        );
        assert_eq!(linked.in_data, [(1036, 4), (1040, 5)]);
        assert_eq!(linked.calls, [(1, 1), (3, 1)]);
        assert_eq!(linked.names[&1], "core::fmt::write::h0123456789abcdef");
        let [segment] = &linked.segments[..] else {
            panic!("one segment")
        };
        assert_eq!((segment.address, segment.bytes.len()), (1024, 21));
        assert_eq!(segment.bytes, sample::linked()[segment.place()]);
    }

    #[test]
    fn what_it_does_not_know_is_refused() {
        let data = sample::data("useddeadreadlast");
        let with = |of_code: &[u8], of_data: &[u8]| {
            module(&[
                data.clone(),
                custom("linking", &[2]),
                custom("reloc.CODE", of_code),
                custom("reloc.DATA", of_data),
            ])
        };
        for (wasm, why) in [
            (
                module(std::slice::from_ref(&data)),
                "did not write down its relocations",
            ),
            (with(&[0, 1, 4, 10, 9, 0], &[0, 0]), "names symbol 9"),
            // An address relative to a base that is not known before the frame runs.
            (
                with(&[0, 1, 11, 10, 0, 0], &[0, 0]),
                "of a kind that the frame has none of",
            ),
        ] {
            let error = Linked::read(&wasm).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        assert!(Linked::read(&with(&[0, 0], &[0, 0])).is_ok());
    }
}
