package org.layerbook.interpreter.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds the values of a template's variables. A later declaration hides an earlier one of the same name. */
final class Variables {
    private final List<Variable> declared = new ArrayList<>();

    private static final class Variable {
        final String name;
        Object value;

        Variable(String name, Object value) {
            this.name = name;
            this.value = value;
        }
    }

    /** @param data the value of {@code $} */
    Variables(Object data) {
        declare("$", data);
    }

    void declare(String name, Object value) {
        declared.add(new Variable(name, value));
    }

    /** Changes the value of a variable. Returns whether it is declared. */
    boolean assign(String name, Object value) {
        Optional<Variable> variable = find(name);
        variable.ifPresent(found -> found.value = value);
        return variable.isPresent();
    }

    /** Returns the value of a variable, or nil if it is not declared. */
    Object value(String name) {
        return find(name).map(found -> found.value).orElse(null);
    }

    private Optional<Variable> find(String name) {
        return declared.reversed().stream().filter(v -> v.name.equals(name)).findFirst();
    }

    /** Returns how many variables are declared, for {@link #forget}. */
    int count() {
        return declared.size();
    }

    /** Forgets all variables but the first {@code count}. */
    void forget(int count) {
        declared.subList(count, declared.size()).clear();
    }
}
