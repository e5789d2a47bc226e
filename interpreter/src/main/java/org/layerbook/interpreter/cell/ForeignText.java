package org.layerbook.interpreter.cell;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.layerbook.interpreter.cell.Diagnostics.Advice;

/** Recognises what is no cell but a file, an address, or a command of another system. */
final class ForeignText {
    /** What Markdown puts around code. */
    static final String FENCE = "```";

    private static final Pattern URL = Pattern.compile("(?:https?|ftp)://\\S+|www\\.\\S+\\.\\S+"
            + "|(?:localhost|\\d{1,3}(?:\\.\\d{1,3}){3})(?::\\d+)?(?:/\\S*)?");
    private static final Pattern POWERSHELL = Pattern.compile(
            "(?:(?:Get|Set|New|Remove|Invoke|Start|Stop|Restart|Write|Read|Add|Clear|Import|Export|Test|Install|Uninstall"
                    + "|Update|Enable|Disable|Out|Select|Where|ForEach|Copy|Move|Rename|Join|Split|Expand|Compress"
                    + "|ConvertTo|ConvertFrom|Enter|Wait|Resolve|Measure|Sort|Format|Push|Pop)-[A-Z]\\w+\\b.*"
                    + "|\\$env:\\w+.*|\\$\\w+\\s+=\\s.*|\\[[A-Z]\\w*(?:\\.\\w+)*\\]::.*)");

    private static final Pattern YAML_KEY = Pattern.compile("\\s*(?:- )?[\"']?[\\w./@-]+[\"']?:(?:\\s.*)?");
    private static final Pattern YAML_LINE =
            Pattern.compile("\\s*(?:#.*|-(?:\\s.*)?|---.*|[\"']?[\\w./@ -]+[\"']?:(?:\\s.*)?)");
    private static final Pattern SERVICES = Pattern.compile("services:\\s*(?:#.*)?");
    private static final Pattern NGINX_BLOCK =
            Pattern.compile("\\s*(?:server|http|events|stream|upstream\\s+\\S+|location\\s+\\S.*|map\\s.*)\\s*\\{.*");
    private static final Pattern NGINX_LINE = Pattern.compile("\\s*(?:[a-z_]+(?:\\s.*)?;\\s*(?:#.*)?|.*\\{.*|}.*|#.*)");
    private static final Pattern SECTION = Pattern.compile("\\s*\\[[\\w .:\"/-]+\\]\\s*(?:[#;].*)?");
    private static final Pattern SETTING = Pattern.compile("\\s*[\\w.-]+\\s*[=:].*");
    private static final Pattern MARKUP = Pattern.compile("<(?:!DOCTYPE|!--|\\?xml|/?[a-zA-Z][a-zA-Z0-9]*[\\s>/]).*");
    private static final Pattern JSON = Pattern.compile("[\\[{]\\s*(?:[\"\\[{].*|)", Pattern.DOTALL);
    private static final Pattern JSON_KEY = Pattern.compile("\"[^\"]*\"\\s*:");

    private ForeignText() {}

    /** @param at the line that is nothing of this language, from 0 */
    static Optional<Advice> recognise(List<String> cell, int at) {
        String line = cell.get(at).strip();
        if (URL.matcher(line).matches()) {
            return Optional.of(Advice.of(
                    "`" + line + "` is a URL", "open it in a browser, or fetch it with `!curl " + line + "`"));
        }
        if (POWERSHELL.matcher(line).matches()) {
            return Optional.of(
                    Advice.of("this looks like PowerShell", "host commands start with `!` and run in a POSIX shell"));
        }
        if (line.startsWith(FENCE)) {
            return Optional.of(Advice.of("this line is a Markdown code fence", "remove it"));
        }
        return file(cell, cell.get(at));
    }

    private static Optional<Advice> file(List<String> cell, String line) {
        if (YAML_KEY.matcher(line).matches()
                && any(cell, l -> SERVICES.matcher(l).matches())) {
            return Optional.of(file("this is a Compose file", "docker-compose.yml"));
        }
        if (isNginx(cell, line)) {
            return Optional.of(file("this is an nginx configuration file", "nginx.conf"));
        }
        if (isJson(cell, line)) {
            return Optional.of(file("this is JSON", "FILE.json"));
        }
        boolean section = any(cell, l -> SECTION.matcher(l).matches());
        if (section
                && any(cell, l -> SETTING.matcher(l).matches())
                && (SECTION.matcher(line).matches() || SETTING.matcher(line).matches())) {
            return Optional.of(file("this is a configuration file", "FILE.conf"));
        }
        if (MARKUP.matcher(line.strip()).matches()) {
            return Optional.of(file("this is HTML or XML", "FILE.html"));
        }
        return isYaml(cell, line) ? Optional.of(file("this is YAML", "FILE.yml")) : Optional.empty();
    }

    private static Advice file(String what, String name) {
        return Advice.of(what, "to write it to a file, start the cell with `%%writefile " + name + "`");
    }

    private static boolean isNginx(List<String> cell, String line) {
        boolean block = any(cell, l -> NGINX_BLOCK.matcher(l).matches());
        return block
                && NGINX_LINE.matcher(line).matches()
                && most(cell, l -> NGINX_LINE.matcher(l).matches());
    }

    private static boolean isJson(List<String> cell, String line) {
        String text = String.join("\n", cell).strip();
        boolean closed = text.endsWith("}") || text.endsWith("]");
        return closed
                && text.startsWith(line.strip())
                && JSON.matcher(text).matches()
                && JSON_KEY.matcher(text).find();
    }

    private static boolean isYaml(List<String> cell, String line) {
        return YAML_KEY.matcher(line).matches()
                && cell.stream().filter(l -> YAML_KEY.matcher(l).matches()).count() > 1
                && most(cell, l -> YAML_LINE.matcher(l).matches());
    }

    private static boolean any(List<String> cell, Predicate<String> is) {
        return cell.stream().anyMatch(is);
    }

    /** Three of four lines; some are always of another kind, such as the lines of a text in several. */
    private static boolean most(List<String> cell, Predicate<String> is) {
        List<String> lines = cell.stream().filter(line -> !line.isBlank()).toList();
        return 4 * lines.stream().filter(is).count() >= 3 * lines.size();
    }
}
