package org.layerbook.interpreter.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.layerbook.engine.build.CacheOptions;
import org.layerbook.engine.build.CacheOptions.Export;
import org.layerbook.engine.cache.CachePlace;
import org.layerbook.engine.oci.Reference;
import org.layerbook.interpreter.command.option.Csv;
import org.layerbook.interpreter.command.option.Options;

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

    static CacheOptions read(Options options, CommandContext context) throws CommandException {
        var from = new ArrayList<CachePlace>();
        for (String given : options.list("cache-from")) {
            from.add(of(context, "--cache-from", given).source());
        }
        var to = new ArrayList<Export>();
        for (String given : options.list("cache-to")) {
            to.add(of(context, "--cache-to", given).destination());
        }
        boolean inline = options.list("build-arg").stream()
                .anyMatch(arg -> Set.of(INLINE + "=1", INLINE + "=true").contains(arg));
        if (inline) {
            to.add(new Export.Inline());
        }
        return new CacheOptions(from, to);
    }

    private static CacheArguments of(CommandContext context, String option, String given) {
        List<String> words = Csv.fields(given);
        boolean onlyReference = words.size() == 1 && !given.contains("=");
        return new CacheArguments(
                context,
                option,
                given,
                onlyReference ? Map.of("type", "registry", "ref", given) : BuildRequestReader.fields(given));
    }

    private CachePlace source() throws CommandException {
        String type = take("type", "");
        CachePlace place = switch (type) {
            case "local" -> folder("src");
            case "registry" -> repository();
            default -> throw unknown(type, "local and registry");
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
            default -> throw unknown(type, "local, registry and inline");
        };
        boolean all = switch (take("mode", "min")) {
            case "min" -> false;
            case "max" -> true;
            case String mode -> throw failed("mode=" + mode + " is neither min nor max");
        };
        boolean mayFail = take("ignore-error", "false").equals("true");
        for (Map.Entry<String, Set<String>> known : NO_MATTER.entrySet()) {
            String value = take(known.getKey(), known.getValue().iterator().next());
            if (!known.getValue().contains(value)) {
                throw failed(known.getKey() + "=" + value + " is not part of Layerbook, which has "
                        + String.join(" and ", known.getValue()));
            }
        }
        checkNothingLeft();
        return new Export.To(place, all, mayFail);
    }

    private CachePlace folder(String key) throws CommandException {
        String path = take(key, "");
        if (path.isEmpty()) {
            throw failed("a local cache needs " + key + "=FOLDER");
        }
        return new CachePlace.Folder(context.resolve(path), take("tag", DEFAULT_TAG), path);
    }

    private CachePlace repository() throws CommandException {
        String text = take("ref", "");
        if (text.isEmpty()) {
            throw failed("a cache at a registry needs ref=NAME");
        }
        try {
            Reference reference = Reference.parse(text);
            if (reference.digest().isPresent() && option.equals("--cache-to")) {
                throw new IllegalArgumentException("nothing can be written to a digest");
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
            throw failed("there is no " + fields.keySet().iterator().next() + "= here");
        }
    }

    private CommandException unknown(String type, String known) {
        return type.isEmpty()
                ? failed("type= is missing: Layerbook has " + known)
                : failed("type=" + type + " is not part of Layerbook, which has " + known);
    }

    private CommandException failed(String message) {
        return BuildRequestReader.failed(option + " " + given + ": " + message);
    }
}
