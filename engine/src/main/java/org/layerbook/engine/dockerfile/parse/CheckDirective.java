package org.layerbook.engine.dockerfile.parse;

import java.util.Optional;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.golang.GoText;

/** The form of {@code # check=skip=…;error=true}; what it asks for is the linter's. */
final class CheckDirective {
    private static final String HINT = "# check=skip=RULE,RULE;error=true";

    private CheckDirective() {}

    static void check(Optional<String> value) throws DockerfileException {
        // BuildKit reads the directive up to its first space.
        String options = value.map(text -> text.split(" ", 2)[0].trim()).orElse("");
        if (options.isEmpty()) {
            return;
        }
        for (String option : options.split(";", -1)) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? "" : option.substring(0, equals).trim();
            switch (name) {
                case "skip", "experimental" -> {}
                case "error" -> {
                    if (!option.substring(equals + 1).trim().matches("1|t|T|TRUE|true|True|0|f|F|FALSE|false|False")) {
                        throw failure("failed to parse check option " + GoText.quote(option));
                    }
                }
                default -> throw failure("invalid check option " + GoText.quote(equals < 0 ? option : name));
            }
        }
    }

    private static DockerfileException failure(String message) {
        return DockerfileException.ofWholeFile("failed to parse check options: " + message, HINT);
    }
}
