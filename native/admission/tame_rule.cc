#include "admission/tame_rule.h"

#include <opcode.h>

#include <cstring>

#include "admission/decorator.h"
#include "admission/instructions.h"
#include "python/error.h"

namespace tracemill::admission {
namespace {

using python::Owned;

bool is_text_with(PyObject* object, const char* part) {
    const char* text = PyUnicode_AsUTF8(object);
    if (!text) PyErr_Clear();
    return !text || std::strstr(text, part) != nullptr;
}

// One pass over one code object.
class Scan {
  public:
    Scan(const NameTable& names, PyCodeObject* code, bool generated, Findings& findings)
        : names_(names), code_(code), generated_(generated), found_(findings) {}

    void run() {
        const Owned bytes = Owned::steal(PyCode_GetCode(code_));
        if (!bytes) {
            PyErr_Clear();
            return refuse("code that cannot be read");
        }
        Instructions instructions(bytes.get());
        while (!found_.refused_for && instructions.next()) {
            look_at(instructions);
            before_last_ = last_;
            last_ = {instructions.opcode(), instructions.argument()};
        }
        if (matches_classes_) look_at_patterns();
    }

  private:
    struct Instruction {
        int opcode = -1;
        int argument = 0;
    };

    void refuse(const char* why, PyObject* name = nullptr) {
        if (found_.refused_for) return;
        found_.refused_for = why;
        found_.name = Owned::share(name);
    }

    PyObject* name_at(int index) const { return PyTuple_GET_ITEM(code_->co_names, index); }
    PyObject* constant_of(const Instruction& instruction) const {
        return instruction.opcode == LOAD_CONST ? PyTuple_GET_ITEM(code_->co_consts, instruction.argument) : nullptr;
    }

    void look_at(const Instructions& at) {
        const NameOperand operand = name_operand(at.opcode(), at.argument());
        switch (operand.kind) {
            case NameOperand::kNone:
                if (at.opcode() == MATCH_CLASS) matches_classes_ = true;
                if (is_import_star(at.opcode(), at.argument())) import_star();
                break;
            case NameOperand::kVariable:
                variable(name_at(operand.index), at);
                break;
            case NameOperand::kDefinition:
                definition(name_at(operand.index));
                break;
            case NameOperand::kAttribute:
                attribute(name_at(operand.index), at);
                break;
            case NameOperand::kChange:
                change(name_at(operand.index));
                break;
            case NameOperand::kImport:
                import(name_at(operand.index));
                break;
            case NameOperand::kImportFrom:
                import_from(name_at(operand.index), at);
                break;
        }
    }

    void variable(PyObject* name, const Instructions& at) {
        const NameUse use = names_.use_of(name);
        found_.hidden_variables |= use.hidden;
        if (name == names_.special().wraps && !is_decorator_of_one_name(at))
            return refuse("wraps() that is no decorator", name);
        if (!(use.refused & NameUse::kVariable)) return;
        // The compiler's own, where a class or a module annotates a variable.
        if (name == names_.special().annotations && annotates(at)) return;
        refuse("variable", name);
    }

    // LOAD_NAME __annotations__; LOAD_CONST 'name'; STORE_SUBSCR
    bool annotates(const Instructions& at) const {
        Instructions ahead = at;
        if (!ahead.next()) return false;
        PyObject* key = constant_of({ahead.opcode(), ahead.argument()});
        if (!key || !PyUnicode_CheckExact(key) || !PyUnicode_IsIdentifier(key) || is_refused_field(key)) return false;
        return ahead.next() && ahead.opcode() == STORE_SUBSCR;
    }

    // `dataclasses` makes attributes of annotated names.
    bool is_refused_field(PyObject* name) const {
        const Owned interned = intern(name);
        return !interned || (names_.use_of(interned.get()).refused & NameUse::kDefinition);
    }

    static Owned intern(PyObject* text) {
        PyObject* name = Py_NewRef(text);
        PyUnicode_InternInPlace(&name);
        return Owned::steal(name);
    }

    void definition(PyObject* name) {
        if (generated_ && name == names_.special().create_function) return;
        if (names_.use_of(name).refused & NameUse::kDefinition) refuse("definition", name);
        // As the compiler writes it, and no program: other libraries look there for the program's module.
        if (name == names_.special().module && !is_own_module_name()) refuse("definition", name);
    }

    bool is_own_module_name() const {
        const NameOperand last = name_operand(last_.opcode, last_.argument);
        return last.kind == NameOperand::kVariable && name_at(last.index) == names_.special().name;
    }

    // `dataclasses` sets fields of frozen classes so. On an object of the library it meets a barrier.
    bool is_generated(PyObject* name) const {
        return generated_ && (name == names_.special().setattr || name == names_.special().delattr);
    }

    void attribute(PyObject* name, const Instructions& at) {
        const NameUse use = names_.use_of(name);
        if (is_generated(name)) return;
        if (use.refused & NameUse::kAttribute) return refuse("attribute", name);
        if (name == names_.special().format && !formats_constant(at)) return refuse("a format that is computed", name);
        if (name == names_.special().wraps && !is_decorator_of_one_name(at))
            return refuse("wraps() that is no decorator", name);
        found_.bound |= use.modules;
        found_.hidden |= use.hidden;
    }

    // '...'.format, and nothing else leads there.
    bool formats_constant(const Instructions& at) const {
        PyObject* text = constant_of(last_);
        return text && PyUnicode_CheckExact(text) && !is_text_with(text, "__") && !at.is_jump_target();
    }

    void change(PyObject* name) {
        const NameUse use = names_.use_of(name);
        if (use.refused & NameUse::kChange) return refuse("change of an attribute", name);
        found_.hidden |= use.hidden;
    }

    // LOAD_CONST level; LOAD_CONST names or None; IMPORT_NAME
    void import(PyObject* name) {
        PyObject* level = constant_of(before_last_);
        PyObject* from = constant_of(last_);
        if (!level || !from || !PyLong_CheckExact(level) || PyLong_AsLong(level) != 0)
            return refuse("import in an unusual way", name);
        const NameUse use = names_.use_of(name);
        if (use.module == 0) return refuse("import", name);
        imported_ = use.module - 1;
        if (from == Py_None) bind_with_parents(name);
    }

    // `import a.b` binds a, `import a.b as c` goes from there to b.

    void bind_with_parents(PyObject* name) {
        const char* text = PyUnicode_AsUTF8(name);
        if (!text) return PyErr_Clear(), refuse("import", name);
        std::string path = text;
        while (true) {
            const Owned key = Owned::steal(PyUnicode_InternFromString(path.c_str()));
            const NameUse use = key ? names_.use_of(key.get()) : NameUse();
            if (use.module == 0) return refuse("import", name);
            imported_ = use.module - 1;
            found_.bound |= ModuleSet{1} << imported_;
            const size_t dot = path.rfind('.');
            if (dot == std::string::npos) return;
            path.resize(dot);
        }
    }

    void import_from(PyObject* name, const Instructions& at) {
        const NameUse use = names_.use_of(name);
        if (imported_ < 0 || !(use.given >> imported_ & 1)) return refuse("name of a module", name);
        found_.bound |= use.modules;
        if (name == names_.special().wraps && !keeps_name(at)) refuse("wraps() by another name", name);
    }

    // Where every use of it shows.
    bool keeps_name(const Instructions& at) const {
        Instructions ahead = at;
        const bool stored = ahead.next() && (ahead.opcode() == STORE_NAME || ahead.opcode() == STORE_GLOBAL);
        return stored && name_at(ahead.argument()) == names_.special().wraps;
    }

    void import_star() {
        if (imported_ < 0) return refuse("import of everything");
        found_.starred |= ModuleSet{1} << imported_;
        found_.bound |= names_.modules_in(imported_);
    }

    // The compiler puts the names of a class pattern into a constant.
    void look_at_patterns() {
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(code_->co_consts); ++i) {
            PyObject* names = PyTuple_GET_ITEM(code_->co_consts, i);
            if (!PyTuple_CheckExact(names)) continue;
            for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(names); ++k) {
                PyObject* text = PyTuple_GET_ITEM(names, k);
                const Owned name = PyUnicode_CheckExact(text) ? intern(text) : Owned();
                if (!name) continue;
                const NameUse use = names_.use_of(name.get());
                if (use.refused & NameUse::kAttribute) return refuse("attribute in a pattern", name.get());
                found_.hidden |= use.hidden;
            }
        }
    }

    const NameTable& names_;
    PyCodeObject* code_;
    const bool generated_;
    Findings& found_;
    Instruction last_;
    Instruction before_last_;
    int imported_ = -1;  // number of the module that was imported last
    bool matches_classes_ = false;
};

}  // namespace

void Findings::add(const Findings& other) {
    if (!refused_for && other.refused_for) {
        refused_for = other.refused_for;
        name = Owned::share(other.name.get());
    }
    bound |= other.bound;
    starred |= other.starred;
    hidden |= other.hidden;
    hidden_variables |= other.hidden_variables;
}

std::string TameRule::prepare() {
    if (!know_instructions()) return "the Python installation is incomplete: " + python::take_error_text();
    return names_.prepare();
}

Findings TameRule::look_at(PyCodeObject* module, bool generated) const {
    Findings findings;
    if (!kKnowsInstructions) {
        findings.refused_for = "a Python whose instructions are not known";
        return findings;
    }
    std::vector<PyCodeObject*> pending{module};
    while (!pending.empty() && !findings.refused_for) {
        PyCodeObject* code = pending.back();
        pending.pop_back();
        Scan(names_, code, generated, findings).run();
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(code->co_consts); ++i) {
            PyObject* constant = PyTuple_GET_ITEM(code->co_consts, i);
            if (PyCode_Check(constant)) pending.push_back(reinterpret_cast<PyCodeObject*>(constant));
        }
    }
    return findings;
}

}  // namespace tracemill::admission
