# The rooms of the house, from the ground up: a room links only what is to its left.

# One precompiled header for all rooms: they are compiled with the same flags.
add_library(room_pch OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch.cpp)
target_link_libraries(room_pch PUBLIC parley_flags parley_third_party)
target_precompile_headers(room_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch.hpp)

function(parley_room name)
  cmake_parse_arguments(arg "" "" "LINKS" ${ARGN})
  file(GLOB_RECURSE _sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER _sources EXCLUDE REGEX "/gateway/main\\.cpp$")
  if(NOT _sources)
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE parley_flags parley_third_party ${arg_LINKS})
    return()
  endif()
  add_library(${name} STATIC ${_sources})
  target_link_libraries(${name} PUBLIC parley_flags parley_third_party ${arg_LINKS})
  target_precompile_headers(${name} REUSE_FROM room_pch)
endfunction()

parley_room(crm)
parley_room(routing LINKS crm)
parley_room(channels LINKS routing)
# Only channels see GMime. Its include folders and libraries are taken one by one: its other flags (-pthread)
# would not go together with the precompiled header.
target_include_directories(channels SYSTEM PRIVATE ${gmime_INCLUDE_DIRS})
target_link_libraries(channels PUBLIC ${gmime_LINK_LIBRARIES})
parley_room(gateway LINKS channels)

if(EXISTS ${CMAKE_SOURCE_DIR}/gateway/main.cpp)
  add_executable(parley gateway/main.cpp)
  target_link_libraries(parley PRIVATE gateway CLI11::CLI11)
  if(NOT PARLEY_SANITIZE AND NOT PARLEY_FUZZ)
    target_link_libraries(parley PRIVATE ${JEMALLOC_LIBRARY})
  endif()
  set_target_properties(parley PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endif()
