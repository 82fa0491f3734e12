//! Modules of a few bytes, for tests.

/// A module of these sections.
pub fn module(sections: &[Vec<u8>]) -> Vec<u8> {
    [b"\0asm\x01\0\0\0".to_vec(), sections.concat()].concat()
}

/// A section by its number.
pub fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    [vec![id], counted(contents)].concat()
}

/// A section by its name.
pub fn custom(name: &str, contents: &[u8]) -> Vec<u8> {
    section(0, &[&text(name), contents].concat())
}

/// A text.
pub fn text(text: &str) -> Vec<u8> {
    counted(text.as_bytes())
}

/// How many bytes there are, and the bytes.
pub fn counted(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len();
    assert!(length < 1 << 14, "a sample is small");
    let low = u8::try_from(length & 0x7f).unwrap();
    let high = u8::try_from(length >> 7).unwrap();
    // LEB128, in two bytes whether one would do or not.
    [&[low | 0x80, high], bytes].concat()
}

/// Static data at 1024: four texts of four letters, a pointer to the last of them, and a byte that is nobody's.
pub fn data(texts: &str) -> Vec<u8> {
    let (before, last) = texts.split_at(12);
    let pointer = 1040_u32.to_le_bytes();
    let bytes = [before.as_bytes(), &pointer, last.as_bytes(), b"."].concat();
    // One segment, in memory 0, at `i32.const 1024`.
    section(11, &[vec![1, 0, 0x41, 0x80, 0x08, 0x0b, 21], bytes].concat())
}

/// What the linker says of `data("useddeadreadlast")`, and of three functions.
pub fn linked() -> Vec<u8> {
    let symbol = |name: &str, offset| [vec![1, 0], text(name), vec![0, offset, 4]].concat();
    let symbols = [
        symbol("used", 0),
        symbol("dead", 4),
        symbol("read", 8),
        symbol("pointer", 12),
        symbol("last", 16),
        [vec![0, 0, 1], text("write")].concat(),
        // Kind 2: a global.
        [vec![2, 0, 0], text("stack")].concat(),
    ];
    let table = [vec![7], symbols.concat()].concat();
    // One import; then a function of 70 instructions that do nothing, one of none, and one more of ten.
    let nops = |count| counted(&[&[0], vec![0x01; count].as_slice(), &[0x0b]].concat());
    let code = [vec![3], nops(70), nops(0), nops(10)].concat();
    let name = "_ZN4core3fmt5write17h0123456789abcdefE";
    let names = [vec![1, 1], text(name)].concat();
    // Each is what it is, where, of which symbol, and how many bytes behind its beginning.
    let (call, load, constant, pointer, function, global) = (0, 3, 4, 5, 2, 7);
    let in_code = [
        vec![constant, 10, 0, 0],
        vec![constant, 20, 1, 0],
        vec![constant, 30, 1, 2],
        vec![load, 40, 2, 1],
        vec![constant, 50, 3, 0],
        vec![call, 60, 5],
        vec![global, 65, 6],
        vec![call, 85, 5],
    ];
    module(&[
        section(1, &[1, 0x60, 0, 0]),
        section(2, &[vec![1], text("m"), text("f"), vec![0, 0]].concat()),
        section(3, &[3, 0, 0, 0]),
        section(10, &code),
        data("useddeadreadlast"),
        custom("linking", &[vec![2, 8], counted(&table)].concat()),
        custom("reloc.CODE", &[vec![0, 8], in_code.concat()].concat()),
        // Seven bytes of the section come before the data.
        custom("reloc.DATA", &[0, 2, pointer, 7 + 12, 4, 0, function, 7 + 16, 5]),
        custom("name", &[vec![1], counted(&names)].concat()),
    ])
}
