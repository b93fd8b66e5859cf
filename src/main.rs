//! The `ropewalk` command; everything but its allocator is in the library.

use std::ffi::c_void;
use std::process::ExitCode;

use ropewalk::project::{Allocator, Held, set_allocator};

/// Measured against glibc's and jemalloc: see ARCHITECTURE.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` of mimalloc 3; the crate has no name for it.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

fn main() -> ExitCode {
    // A run lives for a second: the second that mimalloc waits before it gives pages back is all of it.
    // Milliseconds; measured: 5 % less memory at the peak, no time.
    // SAFETY: sets an integer inside mimalloc; no other thread runs yet.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, 10) };
    set_allocator(Allocator { block, held });
    ropewalk::cli::main()
}

/// The size of the block that is handed out for so many bytes.
fn block(bytes: usize) -> usize {
    // SAFETY: computes a number.
    unsafe { libmimalloc_sys::mi_good_size(bytes) }
}

/// What all threads hold, also those that are gone.
fn held() -> Held {
    let mut held = Held::default();
    // SAFETY: null is the heap that all threads share. It is asked for when the workers are gone, and a page that the
    // one thread left beside this one (it shows progress) changes meanwhile is there all the same. The visitor reads
    // what it is handed and writes to `held`, which outlives the call.
    unsafe {
        libmimalloc_sys::mi_heap_visit_blocks(
            std::ptr::null_mut(),
            false,
            Some(visit),
            (&raw mut held).cast::<c_void>(),
        )
    };
    held
}

unsafe extern "C" fn visit(
    _heap: *const libmimalloc_sys::mi_heap_t,
    area: *const libmimalloc_sys::mi_heap_area_t,
    _block: *mut c_void,
    _block_size: usize,
    held: *mut c_void,
) -> bool {
    // SAFETY: mimalloc hands over an area that is valid for the call, and the `held` of the call above.
    let (area, held) = unsafe { (&*area, &mut *held.cast::<Held>()) };
    // In mimalloc 3 `used` is a number of blocks.
    let blocks = area.used * area.full_block_size;
    held.blocks += blocks;
    held.gaps += area.committed.saturating_sub(blocks);
    true
}
