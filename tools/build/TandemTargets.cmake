# The few ways in which this tree makes targets.

include(GoogleTest)

# tandem_library(NAME name SRCS ... DEPS ...): a static library of ours, with our warnings.
function(tandem_library)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS" ${ARGN})
  add_library(${ARG_NAME} STATIC ${ARG_SRCS})
  target_include_directories(${ARG_NAME} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(${ARG_NAME} PRIVATE ${TANDEM_WARNINGS})
  target_link_libraries(${ARG_NAME} PUBLIC ${ARG_DEPS})
endfunction()

# tandem_executable(NAME name SRCS ... DEPS ...): a program in build/<preset>/bin.
function(tandem_executable)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SRCS})
  target_include_directories(${ARG_NAME} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_options(${ARG_NAME} PRIVATE ${TANDEM_WARNINGS})
  target_link_libraries(${ARG_NAME} PRIVATE ${ARG_DEPS})
endfunction()

# tandem_test(NAME name SRCS ... DEPS ... [LABELS ...] [TIMEOUT seconds] [TOGETHER filter]): GoogleTest cases, each known to CTest by its own
# name. Those that match TOGETHER (as --gtest_filter) are one test of CTest's, in one process: they share what is dear to start.
# Those that are SWITCHED obey a control page, as the check programs do (tests/fault/switches), so that they can be asked whether they
# notice a rule that is broken on purpose.
# The label `pure` marks what is free of gRPC and runs under the tsan preset too; the target tandem_pure_tests builds exactly those.
add_custom_target(tandem_pure_tests)
function(tandem_test)
  cmake_parse_arguments(ARG "SWITCHED" "NAME;TIMEOUT;TOGETHER" "SRCS;DEPS;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  tandem_executable(NAME ${ARG_NAME} SRCS ${ARG_SRCS} DEPS ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  # Test code is compiled more often than it runs: a quarter less time than with -O3. What it tests keeps its own level.
  target_compile_options(${ARG_NAME} PRIVATE $<$<CONFIG:Release>:-O1>)
  if(ARG_SWITCHED)
    target_sources(${ARG_NAME} PRIVATE $<TARGET_OBJECTS:tandem_switches>)
  endif()
  if("pure" IN_LIST ARG_LABELS)
    add_dependencies(tandem_pure_tests ${ARG_NAME})
  endif()
  # An empty value on its way to CTest is lost, and would take the next word with it.
  set(properties TIMEOUT ${ARG_TIMEOUT})
  if(ARG_LABELS)
    list(APPEND properties LABELS "${ARG_LABELS}")
  endif()
  set(apart)
  if(ARG_TOGETHER)
    add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME} --gtest_filter=${ARG_TOGETHER})
    set_tests_properties(${ARG_NAME} PROPERTIES ${properties} SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]")
    set(apart TEST_FILTER "-${ARG_TOGETHER}")
  endif()
  if(NOT ARG_TOGETHER STREQUAL "*")
    gtest_discover_tests(${ARG_NAME} DISCOVERY_TIMEOUT 60 NO_PRETTY_VALUES ${apart} PROPERTIES ${properties})
  endif()
endfunction()

# tandem_add_folders(): adds every direct subfolder that has a CMakeLists.txt, so that a new folder needs no edit elsewhere.
function(tandem_add_folders)
  file(GLOB lists RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt)
  foreach(list ${lists})
    get_filename_component(folder ${list} DIRECTORY)
    add_subdirectory(${folder})
  endforeach()
endfunction()
