using System.Diagnostics;

namespace Coord.Node.Admin.Figures;

/// <summary>
/// The process and the .NET runtime under their usual names, and what takes their place for ZooKeeper's alert rules
/// and dashboards, which ask for those of a Java machine.
/// </summary>
internal static class RuntimeFigures
{
    public static void Write(PrometheusText page)
    {
        using var process = Process.GetCurrentProcess();
        WriteProcess(page, process);
        WriteRuntime(page);
        WriteJavaNames(page, process);
    }

    private static void WriteProcess(PrometheusText page, Process process)
    {
        page.Counter("process_cpu_seconds_total", "Processor time", process.TotalProcessorTime.TotalSeconds);
        page.Gauge("process_resident_memory_bytes", "Memory in RAM", process.WorkingSet64);
        page.Gauge("process_virtual_memory_bytes", "Memory mapped", process.VirtualMemorySize64);
        page.Gauge("process_open_fds", "Open files", ProcessFiles.Open());
        page.Gauge("process_max_fds", "Files that may be open", ProcessFiles.Limit());
        page.Gauge("process_start_time_seconds", "Start of the process, in Unix seconds",
            new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
    }

    private static void WriteRuntime(PrometheusText page)
    {
        page.Counters("dotnet_gc_collections_total", "Garbage collections, by the oldest generation collected",
            "gc_heap_generation",
            Collections().Select((count, generation) => ($"gen{generation}", (double)count)));
        page.Counter("dotnet_gc_pause_time_seconds_total", "Pauses for garbage collection",
            GC.GetTotalPauseDuration().TotalSeconds);
        page.Counter("dotnet_gc_heap_total_allocated_bytes_total", "Bytes allocated since the start",
            GC.GetTotalAllocatedBytes());
        page.Gauge("dotnet_gc_last_collection_memory_committed_size_bytes", "Memory set aside for the heap",
            GC.GetGCMemoryInfo().TotalCommittedBytes);
        page.Gauge("dotnet_thread_pool_thread_count", "Threads of the pool", ThreadPool.ThreadCount);
        page.Gauge("dotnet_thread_pool_queue_length", "Work that waits for one", ThreadPool.PendingWorkItemCount);
    }

    private static void WriteJavaNames(PrometheusText page, Process process)
    {
        page.Gauges("jvm_memory_bytes_used", "The managed heap of .NET, under the name that alert rules know", "area",
            [("heap", GC.GetTotalMemory(forceFullCollection: false))]);
        page.Gauges("jvm_memory_bytes_max", "The most that it may take", "area",
            [("heap", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)]);
        page.Counters("jvm_gc_collection_seconds_count", "Garbage collections of .NET, by the same token", "gc",
            [("all", Collections().Sum())]);
        page.Counters("jvm_gc_collection_seconds_sum", "Pauses for them", "gc",
            [("all", GC.GetTotalPauseDuration().TotalSeconds)]);
        page.Gauge("jvm_threads_current", "Threads of the process", process.Threads.Count);
    }

    // GC counts a collection for each generation that it collects: an old one also for all that are younger.
    private static int[] Collections()
    {
        int[] counts;
        do
        {
            counts = [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(GC.CollectionCount)];
        }
        while (counts[0] != GC.CollectionCount(0));

        for (var generation = 0; generation < GC.MaxGeneration; generation++)
            counts[generation] -= counts[generation + 1];
        return counts;
    }
}
