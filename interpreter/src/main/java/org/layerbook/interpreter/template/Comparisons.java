package org.layerbook.interpreter.template;

import java.util.List;

/** {@code eq} and its kin: only values of one basic kind compare. */
final class Comparisons {
    private enum Kind {
        BOOL,
        WHOLE,
        REAL,
        TEXT,
        NONE
    }

    private Comparisons() {}

    private static Kind kind(Object value) {
        return switch (value) {
            case Boolean truth -> Kind.BOOL;
            case Integer number -> Kind.WHOLE;
            case Long number -> Kind.WHOLE;
            case Double number -> Kind.REAL;
            case String text -> Kind.TEXT;
            case null -> Kind.NONE;
            case Object number when GoRaw.isNumber(number) -> Kind.TEXT;
            default -> Kind.NONE;
        };
    }

    /** The first against any of the others. */
    static boolean anyEqual(List<Object> arguments) throws FunctionException {
        if (arguments.size() < 2) {
            throw new FunctionException("missing argument for comparison");
        }
        for (Object other : arguments.subList(1, arguments.size())) {
            if (equal(arguments.getFirst(), other)) {
                return true;
            }
        }
        return false;
    }

    static boolean equal(Object a, Object b) throws FunctionException {
        Kind kind = kind(a);
        if (isNil(a) || isNil(b)) {
            return isNil(a) && isNil(b);
        }
        if (kind != kind(b)) {
            throw new FunctionException("incompatible types for comparison");
        }
        if (kind == Kind.NONE) {
            throw new FunctionException(
                    "non-comparable type " + GoValues.print(a, false) + ": " + GoValues.typeName(a));
        }
        if (kind == Kind.TEXT) {
            return a.toString().equals(b.toString());
        }
        return kind == Kind.WHOLE ? ((Number) a).longValue() == ((Number) b).longValue() : a.equals(b);
    }

    private static boolean isNil(Object value) {
        return value == null || value == GoValues.Missing.NO_VALUE;
    }

    static int compare(List<Object> arguments) throws FunctionException {
        Object a = arguments.get(0);
        Object b = arguments.get(1);
        Kind kind = kind(a);
        if (kind == Kind.NONE || kind(b) == Kind.NONE || kind == Kind.BOOL) {
            throw new FunctionException("invalid type for comparison");
        }
        if (kind != kind(b)) {
            throw new FunctionException("incompatible types for comparison");
        }
        return switch (kind) {
            case WHOLE -> Long.compare(((Number) a).longValue(), ((Number) b).longValue());
            case REAL -> Double.compare((Double) a, (Double) b);
            default -> a.toString().compareTo(b.toString());
        };
    }
}
