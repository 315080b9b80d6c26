// Large blocks of memory come in large pages where the system offers them: a model of hundreds of megabytes otherwise
// costs a page fault for every four kilobytes, a fifth of the time of a merge.

#include <sys/mman.h>

#include <cstdlib>
#include <new>

#include "os/memory.h"
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace {

constexpr std::size_t large_page = std::size_t{2} << 20U;
constexpr std::size_t large_block = 2 * large_page;

[[maybe_unused]] void* allocate(std::size_t size) {
  if (size < large_block) return std::malloc(size == 0 ? 1 : size);
  const std::size_t whole = (size + large_page - 1) / large_page * large_page;
  void* const block = whole < size ? nullptr : std::aligned_alloc(large_page, whole);
#ifdef MADV_HUGEPAGE
  if (block != nullptr) ::madvise(block, whole, MADV_HUGEPAGE);
#endif
  return block;
}

}  // namespace

// The sanitizers bring operators of their own, which find more.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

void* operator new(std::size_t size) {
  while (true) {
    if (void* const block = allocate(size); block != nullptr) return block;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }

#endif

void aecos::os::give_back_memory() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}
