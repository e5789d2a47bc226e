package org.layerbook.interpreter.command.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.golang.CommaSeparated;
import org.layerbook.engine.golang.GoText;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.spec.CommandException;

/** Checks what {@code docker build} takes and has no use for here: attestations and entitlements. */
final class BuildAttests {
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");
    private static final Set<String> ENTITLEMENTS = Set.of("security.insecure", "network.host", "device");
    private static final String DELETE = "buildx.local.delete";

    private BuildAttests() {}

    /** As Go's {@code strconv.ParseBool}. */
    static Optional<Boolean> bool(String text) {
        return TRUE.contains(text) ? Optional.of(true) : FALSE.contains(text) ? Optional.of(false) : Optional.empty();
    }

    /** @throws CommandException with buildx's sentence on the first that cannot be read */
    static void check(Options options) throws CommandException {
        for (String attest : attests(options)) {
            boolean typed = false;
            for (String field : fields(attest)) {
                int equals = field.indexOf('=');
                if (equals < 0) {
                    throw BuildRequestReader.invalid("invalid value " + field);
                }
                String key = field.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                String value = field.substring(equals + 1);
                typed |= key.equals("type") && !value.isEmpty();
                if (key.equals("disabled") && bool(value).isEmpty()) {
                    throw BuildRequestReader.invalid("invalid value " + field + ": strconv.ParseBool: parsing "
                            + GoText.quote(value) + ": invalid syntax");
                }
            }
            if (!typed) {
                throw BuildRequestReader.invalid("attestation type not specified");
            }
        }
    }

    private static List<String> attests(Options options) {
        var all = new ArrayList<>(options.list("attest"));
        for (String type : List.of("provenance", "sbom")) {
            options.nonEmpty(type)
                    .map(value -> bool(value)
                            .map(on -> "type=" + type + ",disabled=" + !on)
                            .orElse("type=" + type + "," + value))
                    .ifPresent(all::add);
        }
        return all;
    }

    private static List<String> fields(String attest) throws CommandException {
        try {
            return CommaSeparated.fields(attest);
        } catch (IllegalArgumentException e) {
            throw BuildRequestReader.invalid(e.getMessage());
        }
    }

    static void checkEntitlements(Options options) throws CommandException {
        for (String given : options.list("allow")) {
            int equals = given.indexOf('=');
            String key = equals < 0 ? given : given.substring(0, equals);
            if (key.equals(DELETE) && equals >= 0) {
                throw BuildRequestReader.failed(DELETE + " does not accept a value");
            }
            boolean known = key.equals("device") || ENTITLEMENTS.contains(given) || key.equals(DELETE);
            if (!known && !given.isEmpty()) {
                throw BuildRequestReader.failed("unknown entitlement " + given);
            }
        }
    }
}
