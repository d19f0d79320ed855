#![no_main]

libfuzzer_sys::fuzz_target!(
    init: connect_fuzz::xlsx::let_calamine_panic(),
    |input: &[u8]| connect_fuzz::xlsx::check(input)
);
