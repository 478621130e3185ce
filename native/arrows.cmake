# Gives a target the folders of native/ that the sources of a folder may include, by arrows.txt, and no other: an
# include against an arrow does not compile. ../scripts/include-tree.mjs does the same for node-gyp.
file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/arrows.txt" arrows REGEX "^[a-z]")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/arrows.txt")
foreach(line IN LISTS arrows)
    string(REGEX MATCHALL "[a-z]+" folders "${line}")
    list(POP_FRONT folders folder)
    set(may_use_${folder} "${folders}")
endforeach()

# The folders are found through links that lie in a folder of their own, made anew so that none outlives its arrow.
function(may_include target folder)
    if(NOT DEFINED may_use_${folder})
        message(FATAL_ERROR "native/arrows.txt has no line for ${folder}")
    endif()
    set(paths "${CMAKE_BINARY_DIR}/include/${folder}")
    file(REMOVE_RECURSE "${paths}")
    foreach(used IN ITEMS ${folder} ${may_use_${folder}})
        file(MAKE_DIRECTORY "${paths}")
        file(CREATE_LINK "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${used}" "${paths}/${used}" SYMBOLIC)
    endforeach()
    target_include_directories(${target} PRIVATE "${paths}")
endfunction()
