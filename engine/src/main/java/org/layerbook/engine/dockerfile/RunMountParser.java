package org.layerbook.engine.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.layerbook.engine.dockerfile.RunMount.Sharing;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.golang.ByteSize;
import org.layerbook.engine.golang.CommaSeparated;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.golang.Suggestion;

/** Gathers the options of one mount, in any order but that {@code required} and {@code size} follow the type. */
final class RunMountParser {
    private static final List<String> TYPES = List.of("bind", "cache", "secret", "ssh", "tmpfs");
    private static final List<String> SHARING = List.of("locked", "private", "shared");
    private static final List<String> OPTIONS = List.of(
            "type",
            "from",
            "source",
            "target",
            "readonly",
            "id",
            "sharing",
            "required",
            "size",
            "mode",
            "uid",
            "gid",
            "env",
            "src",
            "dst",
            "destination",
            "ro",
            "rw",
            "readwrite");

    private String type = "bind";
    private String from = "";
    private String source = "";
    private String target = "";
    private String id = "";
    private Optional<String> environment = Optional.empty();
    private Optional<Boolean> readOnly = Optional.empty();
    private boolean required;
    private Optional<Long> size = Optional.empty();
    private Optional<Sharing> sharing = Optional.empty();
    private Optional<Integer> mode = Optional.empty();
    private Optional<Integer> uid = Optional.empty();
    private Optional<Integer> gid = Optional.empty();

    private RunMountParser() {}

    static RunMount parse(String text, RunMount.ValueExpander expander) throws ExpansionException {
        var parser = new RunMountParser();
        for (String field : CommaSeparated.split(text, "mounts")) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                parser.word(field);
            } else {
                String key = field.substring(0, equals).toLowerCase(Locale.ROOT);
                parser.option(key, expander.expand(field.substring(equals + 1)), field);
            }
        }
        return parser.build();
    }

    static void checkUnexpanded(String text) {
        for (String field : CommaSeparated.split(text, "mounts")) {
            int dollar = field.indexOf('$');
            if (field.toLowerCase(Locale.ROOT).startsWith("from=") && dollar >= 0 && dollar + 1 < field.length()) {
                throw new IllegalArgumentException(
                        "'from' doesn't support variable expansion, define alias stage instead");
            }
        }
    }

    /**
     * The last value of an option, not expanded.
     *
     * @param text that {@link #checkUnexpanded} has passed
     * @param names of the option, in lower case
     */
    static Optional<String> option(String text, String... names) {
        Optional<String> value = Optional.empty();
        for (String field : CommaSeparated.split(text, "mounts")) {
            int equals = field.indexOf('=');
            if (equals > 0 && List.of(names).contains(field.substring(0, equals).toLowerCase(Locale.ROOT))) {
                value = given(field.substring(equals + 1));
            }
        }
        return value;
    }

    /** The text with another value wherever the option has one. */
    static String withOption(String text, String name, String value) {
        var fields = new ArrayList<String>();
        for (String field : CommaSeparated.fields(text)) {
            int equals = field.indexOf('=');
            boolean named = equals > 0 && field.substring(0, equals).equalsIgnoreCase(name);
            fields.add(named ? field.substring(0, equals + 1) + value : field);
        }
        return CommaSeparated.join(fields);
    }

    private void word(String field) {
        switch (field.toLowerCase(Locale.ROOT)) {
            case "readonly", "ro" -> readOnly = Optional.of(true);
            case "readwrite", "rw" -> readOnly = Optional.of(false);
            case "required" -> required("required", true);
            default -> throw new IllegalArgumentException("invalid field '" + field + "' must be a key=value pair");
        }
    }

    private void required(String key, boolean value) {
        checkType(key, "secret", "ssh");
        required = value;
    }

    private void checkType(String key, String... allowed) {
        if (!List.of(allowed).contains(type)) {
            throw new IllegalArgumentException("unexpected key '" + key + "' for mount type '" + type + "'");
        }
    }

    private void option(String key, String value, String field) {
        switch (key) {
            case "type" -> type = oneOf(value, TYPES, "unsupported mount type ");
            case "from" -> from = value;
            case "source", "src" -> source = value;
            case "target", "dst", "destination" -> target = value;
            case "readonly", "ro" -> readOnly = Optional.of(bool(key, value));
            case "readwrite", "rw" -> readOnly = Optional.of(!bool(key, value));
            case "required" -> required(key, bool(key, value));
            case "size" -> {
                checkType(key, "tmpfs");
                size = Optional.of(ByteSize.parse(value)
                        .orElseThrow(() -> new IllegalArgumentException("invalid value for " + key + ": " + value)));
            }
            case "id" -> id = value;
            case "env" -> environment = Optional.of(value);
            case "sharing" ->
                sharing = Optional.of(Sharing.valueOf(
                        oneOf(value, SHARING, "unsupported sharing value ").toUpperCase(Locale.ROOT)));
            case "mode" -> mode = Optional.of(number(key, value, 8));
            case "uid" -> uid = Optional.of(number(key, value, 10));
            case "gid" -> gid = Optional.of(number(key, value, 10));
            default ->
                throw new IllegalArgumentException(
                        Suggestion.addTo("unexpected key '" + key + "' in '" + field + "'", key, OPTIONS, true));
        }
    }

    private static String oneOf(String value, List<String> allowed, String message) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!allowed.contains(lower)) {
            throw new IllegalArgumentException(Suggestion.addTo(message + GoText.quote(value), value, allowed, true));
        }
        return lower;
    }

    private static boolean bool(String key, String value) {
        return switch (value) {
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            case "0", "f", "F", "FALSE", "false", "False" -> false;
            default -> throw new IllegalArgumentException("invalid value for " + key + ": " + value);
        };
    }

    /** An unsigned number of 32 bits, kept in an int. */
    private static int number(String key, String value, int radix) {
        try {
            if (!value.startsWith("+") && !value.startsWith("-")) {
                return Integer.parseUnsignedInt(value, radix);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("invalid value " + value + " for " + key);
    }

    private RunMount build() {
        checkFileOptions();
        if (type.equals("secret")) {
            checkSecret();
        }
        if (sharing.isPresent() && !type.equals("cache")) {
            throw new IllegalArgumentException("invalid cache sharing set for " + type + " mount");
        }
        return switch (type) {
            case "cache" ->
                new RunMount.Cache(
                        given(id),
                        given(from),
                        source,
                        target,
                        readOnly.orElse(false),
                        sharing.orElse(Sharing.SHARED),
                        mode,
                        uid,
                        gid);
            case "tmpfs" -> new RunMount.Tmpfs(target, readOnly.orElse(false), size.filter(bytes -> bytes > 0));
            case "secret" -> new RunMount.Secret(secretId(), given(target), environment, required, mode, uid, gid);
            case "ssh" -> new RunMount.Ssh(given(id).orElse("default"), given(target), required, mode, uid, gid);
            default -> new RunMount.Bind(given(from), source, target, readOnly.orElse(true));
        };
    }

    private void checkFileOptions() {
        if (type.equals("bind") || type.equals("tmpfs")) {
            String wrong = mode.isPresent() ? "mode" : uid.isPresent() ? "uid" : gid.isPresent() ? "gid" : "";
            if (!wrong.isEmpty()) {
                throw new IllegalArgumentException(wrong + " not allowed for " + GoText.quote(type) + " type mounts");
            }
        }
    }

    private void checkSecret() {
        if (!from.isEmpty()) {
            throw new IllegalArgumentException("secret mount should not have a from");
        }
        if (sharing.isPresent()) {
            throw new IllegalArgumentException("secret mount should not define sharing");
        }
        if (source.isEmpty() && target.isEmpty() && id.isEmpty()) {
            throw new IllegalArgumentException("invalid secret mount. one of source, target required");
        }
        if (!source.isEmpty() && !id.isEmpty()) {
            throw new IllegalArgumentException("both source and id can't be set");
        }
    }

    private String secretId() {
        if (!source.isEmpty()) {
            return source;
        }
        return id.isEmpty() ? GoPath.base(target) : id;
    }

    private static Optional<String> given(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}
