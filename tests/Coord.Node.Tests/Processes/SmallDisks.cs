using System.Diagnostics;

namespace Coord.Node.Tests.Processes;

/// <summary>
/// A memory disk of a few MiB per node, in a mount namespace of its own: it is gone with the last process in it, and
/// nobody else ever sees it. Needs root, and a / that is a mount point: without them the test is skipped and says so.
/// </summary>
internal sealed class SmallDisks : IDisposable
{
    private const string Ready = "mounted";

    private readonly LaunchedCluster cluster;
    private readonly Process holder;

    /// <summary>Mounts the data folders of nodes not started yet; the nodes run on them from now on.</summary>
    public SmallDisks(LaunchedCluster cluster, int nodes, int sizeMiB)
    {
        this.cluster = cluster;
        var script = string.Join(" && ", Enumerable.Range(1, nodes).Select(node =>
            $"mount -t tmpfs -o size={sizeMiB}m tmpfs '{Directory.CreateDirectory(cluster.Data(node)).FullName}'"));

        // The end of its input ends it: with this process at the latest.
        holder = Process.Start(new ProcessStartInfo(
            "unshare", ["--mount", "--propagation", "private", "sh", "-c", $"{script} && echo {Ready} && exec cat"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        if (holder.StandardOutput.ReadLine() == Ready)
        {
            cluster.Within("nsenter", $"--mount=/proc/{holder.Id}/ns/mnt");
            return;
        }

        var why = holder.StandardError.ReadToEnd().Trim();
        Dispose();
        Assert.SkipWhen(
            why.Contains("not permitted", StringComparison.Ordinal) || why.Contains("denied", StringComparison.Ordinal),
            $"Skipped for lack of rights: mounting small disks in a mount namespace of their own needs root. {why}");
        Assert.SkipWhen(
            why.Contains("propagation", StringComparison.Ordinal),
            "Skipped for lack of a root that is a mount point, as a plain chroot has none: small disks need a mount "
            + $"namespace of their own. {why}");
        Assert.Fail($"Small disks cannot be mounted: {why}");
    }

    /// <summary>Takes all room there is, as a file of somebody else's.</summary>
    public void Fill(int node)
    {
        using var file = File.Create(Filler(node));
        try
        {
            for (var block = new byte[4096]; ; file.Flush())
                file.Write(block);
        }
        catch (IOException)
        {
            // No space left: as wanted.
        }
    }

    public void Empty(int node) => File.Delete(Filler(node));

    /// <summary>Ends the cluster's nodes first: nothing is left of what they wrote.</summary>
    public void Dispose()
    {
        cluster.Do("stop");
        cluster.Within();
        holder.StandardInput.Close();
        holder.WaitForExit();
        holder.Dispose();
    }

    private string Filler(int node) => $"/proc/{holder.Id}/root{cluster.Data(node)}/of-somebody-else";
}
