package org.layerbook.interpreter.practice;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.interpreter.report.RegistryLogReport;
import org.layerbook.interpreter.report.RegistryLogReport.Request;

/** Reads a registry's log: requests in Apache's "combined" form, between lines of its own, which tell the same again. */
final class RequestLog {
    private static final Pattern REQUEST = Pattern.compile("\\S+ \\S+ \\S+ \\[[^:]*:(\\d\\d:\\d\\d:\\d\\d) [^]]*]"
            + " \"(\\S+) (\\S+)[^\"]*\" (\\d{3}) (\\d+) \"[^\"]*\" \"([^\"]*)\"");

    private RequestLog() {}

    static RegistryLogReport read(List<String> lines, int most) {
        var requests = new ArrayList<Request>();
        for (String line : lines) {
            Matcher matcher = REQUEST.matcher(line);
            if (matcher.matches()) {
                requests.add(new Request(
                        matcher.group(1),
                        matcher.group(2),
                        matcher.group(3),
                        Integer.parseInt(matcher.group(4)),
                        Long.parseLong(matcher.group(5)),
                        matcher.group(6)));
            }
        }
        int from = Math.max(0, requests.size() - most);
        return new RegistryLogReport(requests.subList(from, requests.size()), from);
    }
}
