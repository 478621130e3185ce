# Which folders of native/ the sources of a folder may include: CONTRIBUTING.md, "Rooms of the house". Every target
# gets include paths of its own that have these folders and no other, so that an include against an arrow does not
# compile.
set(may_use_memory)
set(may_use_format memory)
set(may_use_interface)
set(may_use_wire interface format memory)
set(may_use_host interface wire format memory)
set(may_use_binding interface wire format memory)
set(may_use_python interface memory)
set(may_use_guard python interface memory)
set(may_use_loops python interface format memory)
set(may_use_trace guard loops python interface format memory)

# The folders are found through links that lie in a folder of their own, made anew so that none outlives its arrow.
function(may_include target folder)
    set(paths "${CMAKE_BINARY_DIR}/include/${folder}")
    file(REMOVE_RECURSE "${paths}")
    foreach(used IN ITEMS ${folder} ${may_use_${folder}})
        file(MAKE_DIRECTORY "${paths}")
        file(CREATE_LINK "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${used}" "${paths}/${used}" SYMBOLIC)
    endforeach()
    target_include_directories(${target} PRIVATE "${paths}")
endfunction()
