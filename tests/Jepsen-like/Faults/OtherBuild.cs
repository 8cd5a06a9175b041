using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// A second build of the node, from an older commit of this repository, to upgrade from. It is published once, as the
/// launcher does it, and kept under artifacts/.
/// </summary>
internal static class OtherBuild
{
    private const string Dll = "Coord.Node.dll";

    // The newest release, once there is one. Until then the last commit before the node learnt requests of its own: its
    // log holds nothing that the present build reads otherwise (decision 12), which not every commit can say.
    private const string ReleaseTags = "v[0-9]*";
    private const string Commit = "541ff9f62ff2572ea889bc31ec386343bb6e2512";

    // Slow machines take minutes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    // Of deploy/local-cluster.sh: with all that a node needs; and, where its packages cannot be had, without.
    private static readonly string[][] Variants =
    [
        ["--self-contained", "-p:PublishReadyToRun=true", "-p:PublishTrimmed=true",
            "-p:PublishReadyToRunComposite=true"],
        ["--no-self-contained"],
    ];

    /// <summary>The path of the other build's dll, which is made if it is not there.</summary>
    /// <exception cref="LauncherException">It cannot be made here; the text says why.</exception>
    public static async Task<string> FindAsync(Action<string> tell)
    {
        using var timer = new CancellationTokenSource(Patience);
        var signals = Signals.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            // Ends the build, whose folder then goes.
            context.Cancel = true;
            timer.Cancel();
        })).ToList();
        try
        {
            return await FindAsync(Launcher.RepositoryRoot(), tell, timer.Token);
        }
        catch (OperationCanceledException)
        {
            throw new LauncherException("the other build was interrupted, or took longer than " + Patience);
        }
        finally
        {
            signals.ForEach(signal => signal.Dispose());
        }
    }

    /// <summary>The commit that the other build is made of.</summary>
    public static async Task<string> CommitAsync(string repository, CancellationToken cancel)
    {
        var (hasTag, tag) = await RunAsync(
            repository, cancel, "git", "describe", "--tags", "--abbrev=0", "--match", ReleaseTags, "HEAD^");
        var name = hasTag ? tag.Trim() : Commit;
        var (isThere, commit) = await RunAsync(
            repository, cancel, "git", "rev-parse", "--verify", "--quiet", name + "^{commit}");
        return isThere ? commit.Trim() : throw new LauncherException(
            $"there is no commit {name} here to make the other build of (a shallow clone, or no clone at all): " +
            $"name another {Dll} by --other-build");
    }

    private static async Task<string> FindAsync(string repository, Action<string> tell, CancellationToken cancel)
    {
        var commit = await CommitAsync(repository, cancel);
        var kept = Path.Combine(repository, "artifacts", "jepsen-like", "builds", commit);
        if (!File.Exists(Path.Combine(kept, Dll)))
        {
            tell($"publishing the other build, of commit {commit}; that takes some minutes");
            await MakeAsync(repository, commit, kept, cancel);
        }

        return Path.Combine(kept, Dll);
    }

    private static async Task MakeAsync(string repository, string commit, string kept, CancellationToken cancel)
    {
        var temporary = Directory.CreateTempSubdirectory("coord-build-").FullName;
        try
        {
            var sources = Path.Combine(temporary, "sources.tar");
            await RequireAsync(repository, cancel, "git", "archive", "-o", sources, commit);
            await RequireAsync(temporary, cancel, "tar", "-xf", sources);
            var made = await PublishAsync(temporary, cancel);
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);

            // Another run may have been quicker. The file systems may differ, so it is no rename.
            await RequireAsync(temporary, cancel, "cp", "-rT", made, kept + ".new");
            if (!Directory.Exists(kept))
                Directory.Move(kept + ".new", kept);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static async Task<string> PublishAsync(string sources, CancellationToken cancel)
    {
        var said = "";
        var made = Path.Combine(sources, "node");
        foreach (var variant in Variants)
        {
            (var isMade, said) = await RunAsync(sources, cancel,
            [
                "dotnet", "publish", Path.Combine("src", "Coord.Node"), "-c", "Release", "--use-current-runtime",
                "--nologo", "-v", "quiet", "-p:NuGetLockFilePath=obj/launcher.lock.json", "--artifacts-path",
                Path.Combine(sources, "made"), "-o", made, .. variant,
            ]);
            if (isMade)
                return made;
        }

        throw new LauncherException($"the other build cannot be published: {said}");
    }

    private static async Task RequireAsync(string folder, CancellationToken cancel, params string[] command)
    {
        var (isDone, said) = await RunAsync(folder, cancel, command);
        if (!isDone)
            throw new LauncherException($"{string.Join(' ', command)}: {said}");
    }

    private static async Task<(bool IsDone, string Said)> RunAsync(
        string folder, CancellationToken cancel, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new LauncherException($"{command[0]} did not start");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode == 0, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
