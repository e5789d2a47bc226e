package org.layerbook.interpreter.command.volume;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.container.Volume;
import org.layerbook.engine.container.Volumes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.layout.DockerUnits;
import org.layerbook.interpreter.view.layout.TabWriter;

/** What volumes take up, for {@code docker system df}. */
public record VolumeUsage(List<Entry> entries) {
    /** @param links how many containers have it */
    public record Entry(Volume volume, int links, long size) {}

    public static VolumeUsage of(Invocation invocation) throws IOException {
        Volumes volumes = invocation.services().containers().volumes();
        var entries = new ArrayList<Entry>();
        for (Volume volume : volumes.list()) {
            entries.add(new Entry(volume, volumes.users(volume.name()).size(), volumes.size(volume)));
        }
        return new VolumeUsage(List.copyOf(entries));
    }

    public long inUse() {
        return entries.stream().filter(entry -> entry.links() > 0).count();
    }

    public long size() {
        return entries.stream().mapToLong(Entry::size).sum();
    }

    public long reclaimable() {
        return entries.stream()
                .filter(entry -> entry.links() == 0)
                .mapToLong(Entry::size)
                .sum();
    }

    public String table() {
        var table = new StringBuilder("VOLUME NAME\tLINKS\tSIZE\n");
        for (Entry entry : entries) {
            table.append(entry.volume().name())
                    .append('\t')
                    .append(entry.links())
                    .append('\t');
            table.append(DockerUnits.longSize(entry.size())).append('\n');
        }
        return TabWriter.table(table.toString());
    }

    public List<GoStruct> documents() {
        return entries.stream()
                .map(entry -> VolumeList.row(
                        entry.volume(), Integer.toString(entry.links()), DockerUnits.longSize(entry.size())))
                .toList();
    }
}
