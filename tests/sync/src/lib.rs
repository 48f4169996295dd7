//! Real central, real client, real faults. There is no code here: the tests are in `tests/`.
