package org.layerbook.interpreter.command.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.template.GoTemplate;
import org.layerbook.interpreter.template.TemplateException;
import org.layerbook.interpreter.view.layout.TabWriter;

/**
 * A {@code --format} that is not the plain table: a template for each row, {@code json}, or {@code table} with a template
 * for its columns.
 */
public final class OutputFormat {
    private static final String HELP = """
            Format output using a custom template:
            'table':            Print output in table format with column headers (default)
            'table TEMPLATE':   Print output in table format using the given Go template
            'json':             Print in JSON format
            'TEMPLATE':         Print output using the given Go template.
            Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates""";

    private static final String OBJECT_HELP = HELP.replaceAll("(?m)^'table.*\\R", "");

    private final String source;
    private final boolean table;

    private OutputFormat(String source, boolean table) {
        this.source = source;
        this.table = table;
    }

    public static OptionSpec option() {
        return OptionSpec.text("format", HELP).oneOf("json", "table", "'{{json .}}'");
    }

    /** Of the commands that show objects, not rows. */
    public static OptionSpec objectOption(char... shorthand) {
        return shorthand.length == 0
                ? OptionSpec.text("format", OBJECT_HELP).oneOf("json", "table", "'{{json .}}'")
                : OptionSpec.text(shorthand[0], "format", OBJECT_HELP).oneOf("json", "table", "'{{json .}}'");
    }

    /** Absent for the command's own table: nothing given, or {@code table} alone. */
    public static Optional<OutputFormat> of(Optional<String> format) {
        return of(format, "raw");
    }

    /** @param raw the template behind the word {@code raw} */
    public static Optional<OutputFormat> of(Optional<String> format, String raw) {
        String given = format.orElse("");
        if (given.isEmpty() || given.equals("table")) {
            return Optional.empty();
        }
        if (given.equals("json")) {
            return Optional.of(new OutputFormat("{{json .}}", false));
        }
        if (given.equals("raw")) {
            return Optional.of(new OutputFormat(raw, false));
        }
        boolean table = given.startsWith("table");
        String template = (table ? given.substring("table".length()) : given)
                .replaceAll("^ +| +$", "")
                .replace("\\t", "\t")
                .replace("\\n", "\n");
        return Optional.of(new OutputFormat(template, table));
    }

    public static OutputFormat template(String template) {
        return new OutputFormat(template, false);
    }

    /** @param headings the title of each column, by the field it shows */
    public String rows(Map<String, String> headings, List<GoStruct> rows) throws CommandException {
        try {
            GoTemplate template = GoTemplate.parse(source);
            var text = new StringBuilder();
            if (table) {
                text.append(template.executeForHeading(headings)).append('\n');
            }
            for (GoStruct row : rows) {
                text.append(template.execute(row)).append('\n');
            }
            return table ? TabWriter.table(text.toString()) : text.toString();
        } catch (TemplateException e) {
            throw failure(e);
        }
    }

    public static CommandException failure(TemplateException e) {
        return new CommandException("template parsing error: " + e.getMessage(), 1);
    }
}
