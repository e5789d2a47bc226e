package org.layerbook.interpreter.command.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import org.layerbook.engine.image.CacheRecords;
import org.layerbook.engine.image.Images;
import org.layerbook.interpreter.command.container.ContainerUsage;
import org.layerbook.interpreter.command.image.ImageRows;
import org.layerbook.interpreter.command.image.SharedSizes;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.command.volume.VolumeUsage;
import org.layerbook.interpreter.report.ImagesReport;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.template.GoTemplate;
import org.layerbook.interpreter.template.TemplateException;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** All that {@code docker system df -v} lists, as one document for a template. */
final class DiskUsageDocument {
    private DiskUsageDocument() {}

    /** @param format a template, or {@code json}; what it gives has no line end of its own */
    static String apply(String format, Invocation invocation, SharedSizes sizes) throws CommandException, IOException {
        try {
            String source = format.equals("json") ? "{{json .}}" : format;
            return GoTemplate.parse(source).execute(document(invocation, sizes));
        } catch (TemplateException e) {
            throw e.written().isEmpty() ? OutputFormat.failure(e) : new CommandException(e.getMessage(), 1);
        }
    }

    private static GoStruct document(Invocation invocation, SharedSizes sizes) throws IOException {
        ContainerUsage containers = ContainerUsage.of(invocation);
        var images = new ArrayList<GoStruct>();
        for (Images.Summary image : SharedSizes.ownImages(invocation.store())) {
            images.add(image(image, sizes, containers, invocation));
        }
        var records = new ArrayList<GoStruct>();
        for (CacheRecords.Record record : invocation.store().cache().list()) {
            records.add(record(record, invocation));
        }
        return GoStruct.context("*formatter.diskUsageContext")
                .field("Images", images)
                .field("Containers", containers.documents())
                .field("Volumes", VolumeUsage.of(invocation).documents())
                .field("BuildCache", records)
                .build();
    }

    private static GoStruct image(
            Images.Summary image, SharedSizes sizes, ContainerUsage containers, Invocation invocation) {
        var first = ImageRows.of(image, image.names(), false).getFirst();
        var line = new ImagesReport.Line(
                first.repository(),
                first.tag(),
                "",
                first.id(),
                first.created(),
                first.size(),
                Optional.of(sizes.shared(image.id()).orElse(0L)));
        return ImageRows.context(
                line, true, Long.toString(containers.of(image.id())), invocation.now(), invocation.zone());
    }

    private static GoStruct record(CacheRecords.Record record, Invocation invocation) {
        return GoStruct.context("*formatter.buildCacheContext")
                .field("CacheType", "regular")
                .field("ID", record.key().shortHex())
                .field("InUse", "false")
                .field("LastUsedSince", DockerUnits.ago(record.used(), invocation.now()))
                .field("Shared", "false")
                .build();
    }
}
