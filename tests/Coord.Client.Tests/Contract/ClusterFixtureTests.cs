using System.Runtime.Versioning;

namespace Coord.Client.Tests;

/// <summary>A cluster that does not come up costs the tests that need it, and no later ones.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ClusterFixtureTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-client-tests-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task What_a_start_that_failed_has_left_running_is_stopped()
    {
        var fixture = new FailingFixture(folder.FullName);
        await using (fixture)
        {
            var error = await Assert.ThrowsAnyAsync<Exception>(() => fixture.InitializeAsync().Soon());
            Assert.Contains("only 2 of 3 nodes", error.Message, StringComparison.Ordinal);
            Assert.False(File.Exists(fixture.Stopped));
        }

        Assert.True(File.Exists(fixture.Stopped));
    }

    private sealed class FailingFixture : ClusterFixture
    {
        public FailingFixture(string folder)
        {
            Stopped = Path.Combine(folder, "stopped");
            Launcher = Path.Combine(folder, "launcher.sh");
            File.WriteAllText(Launcher, $$"""
                #!/bin/sh
                case $1 in
                start) echo "only 2 of 3 nodes"; exit 1 ;;
                stop) touch '{{Stopped}}' ;;
                esac
                """);
            File.SetUnixFileMode(Launcher, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        public string Stopped { get; }

        protected override string? Missing => null;

        protected override string Launcher { get; }
    }
}
