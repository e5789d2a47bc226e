package org.layerbook.interpreter.template;

import java.util.List;

/**
 * A function that templates may call.
 *
 * @param parameters kinds of the arguments; the last one is for all that follow when {@code variadic}
 */
record TemplateFunction(String name, List<Kind> parameters, boolean variadic, Body body) {
    enum Kind {
        ANY("interface {}"),
        TEXT("string"),
        WHOLE("int"),
        LIST("[]string");

        private final String typeName;

        Kind(String typeName) {
            this.typeName = typeName;
        }

        String typeName() {
            return typeName;
        }

        boolean takes(Object value) {
            return switch (this) {
                case ANY -> true;
                case TEXT -> value instanceof String;
                case WHOLE -> value instanceof Integer;
                case LIST ->
                    value instanceof List<?> list
                            && !(list instanceof GoRaw.RawList)
                            && list.stream().allMatch(String.class::isInstance);
            };
        }
    }

    /** The call itself. */
    @FunctionalInterface
    interface Body {
        /** @throws FunctionException with the words that follow {@code error calling NAME:} */
        Object call(List<Object> arguments) throws FunctionException;
    }

    int least() {
        return variadic ? parameters.size() - 1 : parameters.size();
    }

    Kind parameter(int i) {
        return parameters.get(Math.min(i, parameters.size() - 1));
    }
}
