package org.layerbook.interpreter.report;

/**
 * The result of an entry, as data: no text is laid out here, no colour chosen. {@code Views} turns one into text, coloured
 * text and HTML.
 */
public sealed interface Report
        permits StepsReport,
                FailureReport,
                StagesReport,
                TextReport,
                ImagesReport,
                ContainersReport,
                HistoryReport,
                InspectReport,
                DiskUsageReport,
                BuildReport,
                LayersReport,
                FilesReport,
                DifferenceReport,
                RegistryReport,
                RegistryLogReport,
                ChangesReport,
                OutputReport,
                TransferReport {}
