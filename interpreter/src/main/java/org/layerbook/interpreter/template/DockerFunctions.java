package org.layerbook.interpreter.template;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.layerbook.interpreter.template.TemplateFunction.Kind;

/** What docker adds to Go's functions. */
final class DockerFunctions {
    static final Map<String, TemplateFunction> ALL = Map.copyOf(all());

    /** For the heading of a table: what changes a value leaves a title as it is. */
    static final Map<String, TemplateFunction> FOR_HEADINGS = Map.copyOf(forHeadings());

    /** Buildx has a {@code json} of its own, over several lines. */
    static final Map<String, TemplateFunction> FOR_BUILDX = Map.copyOf(forBuildx());

    private DockerFunctions() {}

    private static Map<String, TemplateFunction> forBuildx() {
        var all = all();
        BuiltinFunctions.add(
                all, "json", false, arguments -> GoJsonText.indented(arguments.getFirst(), "  ", true), Kind.ANY);
        return all;
    }

    private static Map<String, TemplateFunction> all() {
        var all = new LinkedHashMap<>(BuiltinFunctions.all());
        BuiltinFunctions.add(
                all, "json", false, arguments -> GoJsonText.compact(arguments.getFirst(), false), Kind.ANY);
        BuiltinFunctions.add(
                all, "split", false, arguments -> split(text(arguments, 0), text(arguments, 1)), Kind.TEXT, Kind.TEXT);
        BuiltinFunctions.add(
                all,
                "join",
                false,
                arguments -> join((List<?>) arguments.get(0), text(arguments, 1)),
                Kind.LIST,
                Kind.TEXT);
        BuiltinFunctions.add(all, "title", false, arguments -> title(text(arguments, 0)), Kind.TEXT);
        BuiltinFunctions.add(
                all, "lower", false, arguments -> mapped(text(arguments, 0), Character::toLowerCase), Kind.TEXT);
        BuiltinFunctions.add(
                all, "upper", false, arguments -> mapped(text(arguments, 0), Character::toUpperCase), Kind.TEXT);
        BuiltinFunctions.add(all, "pad", false, DockerFunctions::pad, Kind.TEXT, Kind.WHOLE, Kind.WHOLE);
        BuiltinFunctions.add(all, "truncate", false, DockerFunctions::truncate, Kind.TEXT, Kind.WHOLE);
        return all;
    }

    private static Map<String, TemplateFunction> forHeadings() {
        var all = all();
        for (String name : List.of("json", "title", "lower", "upper", "truncate", "split", "join")) {
            TemplateFunction usual = all.get(name);
            List<Kind> parameters = name.equals("join") ? List.of(Kind.TEXT, Kind.TEXT) : usual.parameters();
            all.put(name, new TemplateFunction(name, parameters, false, arguments -> arguments.getFirst()));
        }
        return all;
    }

    /** Letter by letter, as Go does it: what has no single counterpart stays. */
    private static String mapped(String text, IntUnaryOperator letter) {
        return text.codePoints()
                .map(letter)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String text(List<Object> arguments, int i) {
        return (String) arguments.get(i);
    }

    private static List<String> split(String text, String separator) {
        if (separator.isEmpty()) {
            return text.codePoints().mapToObj(Character::toString).toList();
        }
        return Arrays.asList(text.split(Pattern.quote(separator), -1));
    }

    private static String join(List<?> list, String separator) {
        return list.stream().map(element -> GoValues.print(element, false)).collect(Collectors.joining(separator));
    }

    private static String title(String text) {
        var titled = new StringBuilder();
        boolean inWord = false;
        for (char c : text.toCharArray()) {
            titled.append(inWord ? c : Character.toTitleCase(c));
            inWord = Character.isLetterOrDigit(c) || c == '_' || c == '\'';
        }
        return titled.toString();
    }

    private static String pad(List<Object> arguments) throws FunctionException {
        String text = text(arguments, 0);
        int left = (Integer) arguments.get(1);
        int right = (Integer) arguments.get(2);
        if (left < 0 || right < 0 || left > 10_000 || right > 10_000) {
            throw new FunctionException("not a width: " + left + ", " + right);
        }
        return text.isEmpty() ? text : " ".repeat(left) + text + " ".repeat(right);
    }

    /** By bytes, as docker counts. */
    private static String truncate(List<Object> arguments) throws FunctionException {
        byte[] bytes = text(arguments, 0).getBytes(StandardCharsets.UTF_8);
        int length = (Integer) arguments.get(1);
        if (length < 0) {
            throw new FunctionException("slice bounds out of range [:" + length + "]");
        }
        return bytes.length < length ? text(arguments, 0) : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
