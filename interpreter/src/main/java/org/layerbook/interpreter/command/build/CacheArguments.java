package org.layerbook.interpreter.command.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.layerbook.engine.builder.plan.CacheOptions;
import org.layerbook.engine.builder.plan.CacheOptions.Export;
import org.layerbook.engine.cache.CachePlace;
import org.layerbook.engine.golang.CommaSeparated;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.oci.Reference;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;

/** Reads {@code --cache-from} and {@code --cache-to} of {@code docker build}, as buildx does. */
final class CacheArguments {
    private static final String DEFAULT_TAG = "latest";
    private static final String INLINE = "BUILDKIT_INLINE_CACHE";
    /** Those of BuildKit's that make no difference here: the format is ours, always of OCI's media types, always gzip. */
    private static final Map<String, Set<String>> NO_MATTER = Map.of(
            "compression", Set.of("gzip"),
            "force-compression", Set.of("true", "false"),
            "oci-mediatypes", Set.of("true", "false"),
            "image-manifest", Set.of("true", "false"));

    private final CommandContext context;
    private final String option;
    private final String given;
    private final Map<String, String> fields;

    private CacheArguments(CommandContext context, String option, String given, Map<String, String> fields) {
        this.context = context;
        this.option = option;
        this.given = given;
        this.fields = new LinkedHashMap<>(fields);
    }

    /** @param buildArgs among which one asks for a cache in the image */
    static CacheOptions read(Options options, Map<String, String> buildArgs, CommandContext context)
            throws CommandException {
        var from = new ArrayList<CachePlace>();
        for (CacheArguments given : each(context, "cache-from", options)) {
            from.add(given.source());
        }
        var to = new ArrayList<Export>();
        for (CacheArguments given : each(context, "cache-to", options)) {
            to.add(given.destination());
        }
        boolean inline = BuildAttests.bool(buildArgs.getOrDefault(INLINE, "")).orElse(false);
        if (inline) {
            to.add(new Export.Inline());
        }
        return new CacheOptions(from, to);
    }

    /** Names alone may stand with commas between. */
    private static List<CacheArguments> each(CommandContext context, String option, Options options)
            throws CommandException {
        var all = new ArrayList<CacheArguments>();
        for (String given : options.list(option)) {
            if (given.contains("=")) {
                all.add(new CacheArguments(context, "--" + option, given, fields(given)));
                continue;
            }
            for (String name : words(given)) {
                all.add(new CacheArguments(context, "--" + option, name, Map.of("type", "registry", "ref", name)));
            }
        }
        return all;
    }

    private static List<String> words(String given) throws CommandException {
        try {
            return CommaSeparated.fields(given);
        } catch (IllegalArgumentException e) {
            throw BuildRequestReader.invalid(e.getMessage());
        }
    }

    private static Map<String, String> fields(String given) throws CommandException {
        var fields = new LinkedHashMap<String, String>();
        for (String field : words(given)) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw BuildRequestReader.invalid("invalid value " + field);
            }
            fields.put(field.substring(0, equals).toLowerCase(Locale.ROOT), field.substring(equals + 1));
        }
        if (fields.getOrDefault("type", "").isEmpty()) {
            throw BuildRequestReader.invalid("type required for " + GoText.quote(given));
        }
        return fields;
    }

    private CachePlace source() throws CommandException {
        String type = take("type", "");
        CachePlace place = switch (type) {
            case "local" -> folder("src");
            case "registry" -> repository();
            default -> throw unknown(type, "local or registry");
        };
        checkNothingLeft();
        return place;
    }

    private Export destination() throws CommandException {
        String type = take("type", "");
        if (type.equals("inline")) {
            checkNothingLeft();
            return new Export.Inline();
        }
        CachePlace place = switch (type) {
            case "local" -> folder("dest");
            case "registry" -> repository();
            default -> throw unknown(type, "local, registry or inline");
        };
        boolean all = switch (take("mode", "min")) {
            case "min" -> false;
            case "max" -> true;
            case String mode -> throw failed("mode=" + mode + " is not supported: use min or max");
        };
        boolean mayFail = take("ignore-error", "false").equals("true");
        for (Map.Entry<String, Set<String>> known : NO_MATTER.entrySet()) {
            String value = take(known.getKey(), known.getValue().iterator().next());
            if (!known.getValue().contains(value)) {
                throw failed(known.getKey() + "=" + value + " is not supported: use "
                        + String.join(" or ", known.getValue()));
            }
        }
        checkNothingLeft();
        return new Export.To(place, all, mayFail);
    }

    private CachePlace folder(String key) throws CommandException {
        String path = take(key, "");
        if (path.isEmpty()) {
            throw failed("a local cache needs " + key + "=DIR");
        }
        return new CachePlace.Folder(context.resolve(path), take("tag", DEFAULT_TAG), path);
    }

    private CachePlace repository() throws CommandException {
        String text = take("ref", "");
        if (text.isEmpty()) {
            throw failed("a registry cache needs ref=NAME");
        }
        try {
            Reference reference = Reference.parse(text);
            if (reference.digest().isPresent() && option.equals("--cache-to")) {
                throw new IllegalArgumentException("cannot write to a digest");
            }
            return new CachePlace.Repository(reference.tagged());
        } catch (IllegalArgumentException e) {
            throw failed("invalid ref " + text + ": " + e.getMessage());
        }
    }

    private String take(String key, String otherwise) {
        String value = fields.remove(key);
        return value == null ? otherwise : value;
    }

    private void checkNothingLeft() throws CommandException {
        if (!fields.isEmpty()) {
            throw failed("unknown field " + fields.keySet().iterator().next() + "=");
        }
    }

    private CommandException unknown(String type, String known) {
        return failed("type=" + type + " is not supported: use " + known);
    }

    private CommandException failed(String message) {
        return BuildRequestReader.failed(option + " " + given + ": " + message);
    }
}
