# Build options and the flags every target shares.
set(PARLEY_SANITIZE "" CACHE STRING "Sanitizers for every target: address;undefined or thread")
option(PARLEY_FUZZ "Build the libFuzzer targets and instrument everything for them (clang only)" OFF)
option(PARLEY_WERROR "Warnings are errors" ON)
option(PARLEY_FAILPOINTS "Compile in the places where torture runs make the store fail (debug builds always do)" OFF)

# Line tables are enough for stack traces and cost a third of the time and size of full debug information.
if(CMAKE_CXX_FLAGS_RELWITHDEBINFO STREQUAL "-O2 -g -DNDEBUG")
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
endif()

find_program(PARLEY_CCACHE ccache)
if(PARLEY_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${PARLEY_CCACHE})
endif()

add_library(parley_flags INTERFACE)
target_include_directories(parley_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(parley_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wformat -Wformat-security)
if(PARLEY_FAILPOINTS)
  target_compile_definitions(parley_flags INTERFACE PARLEY_FAILPOINTS)
endif()
if(PARLEY_WERROR)
  target_compile_options(parley_flags INTERFACE -Werror)
endif()

# Hardening: the server parses what strangers send.
# Position-independent programs, said here because CMake's own property gives libraries -fPIC and programs
# -fPIE, which then cannot share a precompiled header.
set(_shared "$<STREQUAL:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY>")
target_compile_options(parley_flags INTERFACE $<$<NOT:${_shared}>:-fPIE>)
target_link_options(parley_flags INTERFACE $<$<NOT:${_shared}>:-pie>)
target_compile_options(parley_flags INTERFACE
  -fstack-protector-strong -fstack-clash-protection -fno-omit-frame-pointer -ftrivial-auto-var-init=zero)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(parley_flags INTERFACE -fcf-protection)
endif()
target_compile_definitions(parley_flags INTERFACE
  $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2> _GLIBCXX_ASSERTIONS PARLEY_VERSION="${PROJECT_VERSION}")
target_link_options(parley_flags INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)

if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # A precompiled header that ccache can reuse: no time stamps inside.
  target_compile_options(parley_flags INTERFACE "SHELL:-Xclang -fno-pch-timestamp" -fpch-instantiate-templates)
  target_link_options(parley_flags INTERFACE -fuse-ld=lld)
endif()
if(PARLEY_SANITIZE)
  string(REPLACE ";" "," _sanitizers "${PARLEY_SANITIZE}")
  target_compile_options(parley_flags INTERFACE -fsanitize=${_sanitizers} -fno-sanitize-recover=all)
  target_link_options(parley_flags INTERFACE -fsanitize=${_sanitizers})
  target_compile_definitions(parley_flags INTERFACE PARLEY_SANITIZED=1)
endif()
if(PARLEY_FUZZ)
  target_compile_options(parley_flags INTERFACE -fsanitize=fuzzer-no-link)
  # The libraries' coverage hooks come with every program, fuzzer or not.
  target_link_options(parley_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
