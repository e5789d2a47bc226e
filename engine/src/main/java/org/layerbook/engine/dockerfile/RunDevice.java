package org.layerbook.engine.dockerfile;

import java.util.Locale;
import java.util.Set;
import org.layerbook.engine.golang.CommaSeparated;

/**
 * What one {@code RUN --device} asks for: {@code vendor.com/gpu=0,required}, {@code name=…,required=false}.
 *
 * @param name of a CDI device, of a kind ({@code vendor.com/gpu}: any, {@code vendor.com/gpu=*}: all) or of a class
 * @param required whether the step fails where there is no such device; else it runs without
 */
public record RunDevice(String name, boolean required) {
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    /** @throws IllegalArgumentException with BuildKit's sentence */
    public static RunDevice parse(String text) {
        String name = "";
        boolean required = false;
        for (String field : CommaSeparated.split(text, "devices")) {
            int equals = field.indexOf('=');
            String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
            String value = equals < 0 ? "true" : field.substring(equals + 1);
            if (key.equals("required")) {
                required = bool(key, value);
            } else if (key.equals("name") && equals >= 0) {
                if (!name.isEmpty()) {
                    throw new IllegalArgumentException("device name already set to " + name);
                }
                name = value;
            } else if (name.isEmpty()) {
                name = field;
            } else if (equals < 0) {
                throw new IllegalArgumentException("invalid field '" + field + "' must be a key=value pair");
            } else {
                throw new IllegalArgumentException("unexpected key '" + key + "' in '" + field + "'");
            }
        }
        return new RunDevice(name, required);
    }

    private static boolean bool(String key, String value) {
        if (TRUE.contains(value)) {
            return true;
        }
        if (FALSE.contains(value)) {
            return false;
        }
        throw new IllegalArgumentException("invalid value for " + key + ": " + value);
    }
}
