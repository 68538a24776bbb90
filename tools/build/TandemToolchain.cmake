# Language level, warnings, sanitizers and the launchers that keep builds quick.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

option(TANDEM_BUILD_TESTS "Build everything under tests/" ON)
option(TANDEM_WERROR "Treat warnings as errors" ON)
set(TANDEM_SANITIZE "" CACHE STRING "Comma separated sanitizers, as -fsanitize takes them")

find_program(TANDEM_CCACHE ccache)
if(TANDEM_CCACHE)
  # Precompiled headers need the sloppiness; the base directory lets checkouts in different folders share results.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${TANDEM_CCACHE})
endif()

find_program(TANDEM_MOLD mold)
if(TANDEM_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-fstack-protector-strong -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()

if(TANDEM_SANITIZE)
  add_compile_options(-fsanitize=${TANDEM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -O1 -g1)  # lines are enough for a report
  add_link_options(-fsanitize=${TANDEM_SANITIZE})
endif()
if(TANDEM_SANITIZE STREQUAL "thread")
  # Debian's Abseil and gRPC are not instrumented; code that must be free of races uses tandem::Mutex, which is std::mutex here.
  add_compile_definitions(TANDEM_TSAN=1)
endif()

set(TANDEM_WARNINGS -Wall -Wextra -Wshadow -Wconversion)
if(TANDEM_WERROR)
  list(APPEND TANDEM_WARNINGS -Werror)
endif()
