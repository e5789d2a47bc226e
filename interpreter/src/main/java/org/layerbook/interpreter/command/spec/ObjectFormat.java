package org.layerbook.interpreter.command.spec;

import java.io.IOException;
import org.layerbook.interpreter.template.GoJsonText;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.template.GoTemplate;
import org.layerbook.interpreter.template.TemplateException;

/** {@code --format} of the commands that describe one thing: {@code json}, or a template. */
public final class ObjectFormat {
    /** The status with which the client ends here, and nowhere else. */
    public static final int MALFORMED_TEMPLATE = 64;

    private ObjectFormat() {}

    /**
     * Prints a line. Of a template that does not fit the document what there is of it, as the client does.
     *
     * @param templateName what errors call the template; the client gives most none
     */
    public static void print(String format, GoStruct document, String templateName, CommandContext context)
            throws CommandException, IOException {
        if (format.equals("json")) {
            context.print(GoJsonText.compact(document, true) + "\n");
            return;
        }
        try {
            context.print(GoTemplate.parse(format).execute(document) + "\n");
        } catch (TemplateException e) {
            String message = e.getMessage()
                    .replaceFirst("^template: :", "template: " + templateName + ":")
                    .replaceFirst("executing \"\"", "executing \"" + templateName + "\"");
            if (e.written().isEmpty()) {
                throw new CommandException("template parsing error: " + message, MALFORMED_TEMPLATE);
            }
            context.print(e.written().get() + "\n");
            throw new CommandException(message, 1);
        }
    }
}
