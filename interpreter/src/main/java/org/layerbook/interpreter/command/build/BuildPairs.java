package org.layerbook.interpreter.command.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.oci.Platform;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.spec.CommandException;

/** Reads the options of {@code docker build} that are {@code KEY=VALUE}. */
final class BuildPairs {
    private static final Pattern ANNOTATION_TYPE = Pattern.compile("([a-z-]+)(?:\\[([A-Za-z0-9_/-]+)])?");
    private static final String EPOCH = "SOURCE_DATE_EPOCH";

    private BuildPairs() {}

    /** @param platform of the image that gets it; absent for all */
    record Annotation(Optional<Platform> platform, String key, String value) {}

    /** A name without a value takes the environment's, or is as good as not given; SOURCE_DATE_EPOCH always does. */
    static Map<String, String> buildArgs(Options options, Map<String, String> environment) throws CommandException {
        var arguments = new LinkedHashMap<String, String>();
        for (String given : options.list("build-arg")) {
            Optional<String> value = value(given).or(() -> Optional.ofNullable(environment.get(given)));
            String key = key(given);
            value.ifPresent(its -> arguments.put(key, its));
        }
        String epoch = environment.getOrDefault(EPOCH, "");
        if (!epoch.isEmpty()) {
            arguments.putIfAbsent(EPOCH, epoch);
        }
        return arguments;
    }

    static Map<String, String> labels(Options options) throws CommandException {
        var labels = new LinkedHashMap<String, String>();
        for (String given : options.list("label")) {
            labels.put(key(given), value(given).orElse(""));
        }
        return labels;
    }

    private static String key(String given) throws CommandException {
        int equals = given.indexOf('=');
        String key = equals < 0 ? given : given.substring(0, equals);
        if (key.isEmpty()) {
            throw BuildRequestReader.invalid("invalid key-value pair " + GoText.quote(given) + ": empty key");
        }
        return key;
    }

    private static Optional<String> value(String given) {
        int equals = given.indexOf('=');
        return equals < 0 ? Optional.empty() : Optional.of(given.substring(equals + 1));
    }

    /** {@code [TYPE[[PLATFORM]],…:]KEY=VALUE}. */
    static List<Annotation> annotations(Options options) throws CommandException {
        var annotations = new ArrayList<Annotation>();
        for (String given : options.list("annotation")) {
            int equals = given.indexOf('=');
            if (given.isEmpty()) {
                continue;
            }
            if (equals <= 0) {
                throw unreadable("invalid annotation " + GoText.quote(given) + ", expected key=value");
            }
            String name = given.substring(0, equals);
            String value = given.substring(equals + 1);
            int colon = name.indexOf(':');
            if (colon < 0) {
                annotations.add(new Annotation(Optional.empty(), name, value));
                continue;
            }
            for (String type : name.substring(0, colon).split(",", -1)) {
                annotations.add(new Annotation(platform(type, given), name.substring(colon + 1), value));
            }
        }
        return annotations;
    }

    private static Optional<Platform> platform(String type, String given) throws CommandException {
        Matcher parts = ANNOTATION_TYPE.matcher(type);
        if (!parts.matches()) {
            throw unreadable("invalid annotation type " + GoText.quote(type)
                    + ", expected type and optional platform in square brackets");
        }
        switch (parts.group(1)) {
            case "manifest" -> {}
            case "index", "index-descriptor", "manifest-descriptor" ->
                throw BuildRequestReader.failed(
                        "--annotation " + given + ": only manifests can be annotated, not " + parts.group(1));
            default -> throw unreadable("unknown annotation type " + GoText.quote(parts.group(1)));
        }
        try {
            return Optional.ofNullable(parts.group(2)).map(Platform::parse);
        } catch (IllegalArgumentException e) {
            throw unreadable("invalid platform " + GoText.quote(parts.group(2)) + ": " + e.getMessage());
        }
    }

    private static CommandException unreadable(String message) {
        return BuildRequestReader.failed("parse annotations: " + message);
    }
}
