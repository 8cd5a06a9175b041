using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>What nodes printed that came later and left, with a launcher whose nodes print one line each.</summary>
public sealed class NodeLogTests : IDisposable
{
    private const string Script = """
        set -e
        case $1 in
        start) mkdir -p "$2/1" && echo "node 1 begins" >"$2/1/out" && echo 0 >"$2/1/pid" && echo hosts= ;;
        add)
          mkdir "$2/$3"
          setsid bash -c 'exec -a "$0" sleep 600' "$2/$3/node" </dev/null >/dev/null 2>&1 &
          echo $! >"$2/$3/pid"
          echo "process $! begins" >"$2/$3/out"
          ;;
        end)
          kill -KILL "$(cat "$2/$3/pid")"
          echo "process $(cat "$2/$3/pid") ends" >>"$2/$3/out"
          ;;
        esac
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("coord-guests-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Each_visit_of_a_guest_is_told_while_it_lasts_and_when_it_is_over()
    {
        var path = Path.Combine(folder, "launcher.sh");
        File.WriteAllText(path, Script);
        await using var cluster = await LocalCluster.StartAsync(
            new Launcher(path) { AskModeAsync = _ => Task.FromResult<string?>("leader") }, nodes: 1);
        Assert.Equal([1], cluster.Logs(linesMax: 10).Select(log => log.Node));

        var first = await VisitAsync(cluster);
        await cluster.RemoveGuestAsync(2);
        Assert.Equal([$"process {first} begins", $"process {first} ends"], Guest(cluster, linesMax: 10));

        var second = await VisitAsync(cluster);
        Assert.Equal([$"process {first} ends", $"process {second} begins"], Guest(cluster, linesMax: 2));
        await cluster.RemoveGuestAsync(2);
        Assert.Equal([$"process {second} begins", $"process {second} ends"], Guest(cluster, linesMax: 2));
        Assert.Contains($"node 2:\nprocess {first} begins\n", cluster.Outputs());
    }

    private static async Task<int> VisitAsync(LocalCluster cluster)
    {
        await cluster.AddGuestAsync(2);
        return cluster.PidOf(2);
    }

    private static IReadOnlyList<string> Guest(LocalCluster cluster, int linesMax) =>
        cluster.Logs(linesMax).Single(log => log.Node == 2).Lines;
}
