# What compiler and linker do against mistakes in code that reads what untrusted programs wrote; ../binding.gyp says the
# same, and test/native/hardening.test.ts reads in the built files that all of it is there.
add_compile_options(-fstack-protector-strong -fcf-protection=full)
# Sanitizers look at the same copies themselves.
if(NOT TRACEMILL_SANITIZE)
    add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()
add_compile_definitions($<$<COMPILE_LANGUAGE:CXX>:_GLIBCXX_ASSERTIONS>)
add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code)
include(CheckPIESupported)
check_pie_supported()

function(split_debug_file target)
    if(TRACEMILL_SANITIZE)
        return()
    endif()
    add_custom_command(TARGET ${target} POST_BUILD
        COMMAND "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../scripts/split-debug.sh" $<TARGET_FILE:${target}>
        VERBATIM)
endfunction()
