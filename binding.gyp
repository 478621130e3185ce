# The same files as native/CMakeLists.txt, built by node-gyp: `npx node-gyp rebuild`. One core, for the Python that
# node-gyp itself runs on (choose it with --python=PATH). Sources are found as CMake finds them, by folder, and include
# only what they may (native/arrows.txt).
{
  "variables": {
    "core_include_dirs": ["<!@(<(python) scripts/pyconf.py include-dirs)"],
  },
  "target_defaults": {
    "default_configuration": "Release",
    "cflags!": ["-fno-exceptions", "-fno-rtti"],
    # common.gypi of some Node versions asks for an older C++.
    "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17", "-std=gnu++1y", "-std=gnu++20"],
    "cflags": ["-fPIC", "-O3", "-Wall", "-Wextra"],
    "cflags_c": ["-std=c11", "-fvisibility=hidden"],
    "cflags_cc": ["-std=c++20", "-fvisibility=hidden"],
  },
  "targets": [
    {
      "target_name": "format",
      "type": "static_library",
      "sources": ["<!@(find native/format -name '*.cc' ! -name dump_main.cc)"],
      "include_dirs": ["<!(node scripts/include-tree.mjs format)"],
    },
    {
      "target_name": "wire",
      "type": "static_library",
      "dependencies": ["format"],
      "sources": ["<!@(find native/wire -name '*.cc')"],
      "include_dirs": ["<!(node scripts/include-tree.mjs wire)"],
    },
    {
      "target_name": "tracemill",
      "type": "loadable_module",
      "dependencies": ["wire", "format"],
      "sources": ["<!@(find native/binding -name '*.cc')"],
      "include_dirs": [
        "<!(node scripts/include-tree.mjs binding)",
        "<!(node -p \"require('node-addon-api').include_dir\")",
      ],
      "defines": [
        "NODE_ADDON_API_CPP_EXCEPTIONS",
        "NAPI_VERSION=8",
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS",
      ],
      "ldflags": ["-Wl,-z,nodelete"],
      "libraries": ["-lzstd", "-ldl", "-lpthread"],
    },
    {
      "target_name": "tracemill-host",
      "type": "executable",
      "dependencies": ["wire", "format"],
      "sources": ["<!@(find native/host -name '*.cc')"],
      "include_dirs": ["<!(node scripts/include-tree.mjs host)"],
      "libraries": ["-ldl", "-lpthread"],
    },
    {
      "target_name": "memory",
      "type": "static_library",
      "sources": ["<!@(find native/memory -name '*.cc')"],
      "include_dirs": ["<!(node scripts/include-tree.mjs memory)"],
    },
    {
      "target_name": "python",
      "type": "static_library",
      "sources": ["<!@(find native/python -name '*.c' -o -name '*.cc')"],
      "include_dirs": ["<!(node scripts/include-tree.mjs python)", "<@(core_include_dirs)"],
    },
    {
      "target_name": "admission",
      "type": "static_library",
      "sources": ["<!@(find native/admission -name '*.cc')"],
      "include_dirs": ["<!(node scripts/include-tree.mjs admission)", "<@(core_include_dirs)"],
    },
    {
      "target_name": "loops",
      "type": "static_library",
      "sources": ["<!@(find native/loops -name '*.cc')"],
      "include_dirs": ["<!(node scripts/include-tree.mjs loops)", "<@(core_include_dirs)"],
    },
    {
      # Its objects are the core's own: what a core exports comes from no library (--exclude-libs).
      "target_name": "<!(<(python) scripts/pyconf.py core)",
      "type": "shared_library",
      "product_prefix": "",
      "product_extension": "so",
      "dependencies": ["admission", "loops", "python", "format", "memory"],
      "sources": ["<!@(find native/trace -name '*.cc')"],
      "include_dirs": ["<!(node scripts/include-tree.mjs trace)", "<@(core_include_dirs)"],
      "ldflags": ["-Wl,-z,nodelete", "-Wl,--exclude-libs,ALL", "-Wl,-Bsymbolic-functions", "-static-libstdc++"],
      "libraries": ["-lpthread"],
    },
  ],
}
