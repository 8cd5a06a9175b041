using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>
/// Nodes whose disk works again, tended as an operator would, with a launcher whose nodes only sleep. A node serves
/// while its process is the one that the test says serves.
/// </summary>
public sealed class OperatorTests : IAsyncLifetime
{
    // A node without a log ends at once when it is started, as ZooKeeper's does over an empty one.
    private const string Script = """
        set -e
        case $1 in
        start) mkdir -p "$2/1" && touch "$2/1/log" && set -- restart "$2" 1 && echo hosts= ;;
        esac
        home=$2/$3
        echo "$1" >>"$2/verbs"
        case $1 in
        restart)
          number=$(grep -c -e restart "$2/verbs")
          if [ ! -e "$home/log" ]; then sleep 0 & else
            setsid bash -c 'exec -a "$0" sleep 600' "$home/node-$number" </dev/null >/dev/null 2>&1 &
          fi
          echo $! >"$home/pid"
          name=
          until [ ! -e "$home/log" ] || [ "$name" = "$home/node-$number" ]; do
            read -r -d '' name <"/proc/$!/cmdline" || :
          done
          ;;
        mend) [ -e "$home/log" ] || { touch "$home/log" && echo "made the log"; } ;;
        kill)
          kill -KILL "$(cat "$home/pid")"
          while grep -q . "/proc/$(cat "$home/pid")/cmdline" 2>/dev/null; do :; done
          ;;
        esac
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string folder = Directory.CreateTempSubdirectory("coord-operator-").FullName;
    private LocalCluster? started;

    // Which start of the node is one that serves, counted from 1.
    private int serving = 1;

    private LocalCluster Cluster => started ?? throw new InvalidOperationException("not started");

    private string Log => Path.Combine(Cluster.Directory, "1", "log");

    public async ValueTask InitializeAsync()
    {
        var path = Path.Combine(folder, "launcher.sh");
        File.WriteAllText(path, Script);
        started = await LocalCluster.StartAsync(
            new Launcher(path) { AskModeAsync = _ => Task.FromResult(Mode()), NodesEndWhenRefused = false }, nodes: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_node_that_serves_is_left_alone()
    {
        var process = Cluster.PidOf(1);
        Assert.Equal("", await new Operator(Cluster, TimeSpan.Zero).TendAsync(1));
        Assert.Equal(process, Cluster.PidOf(1));
    }

    [Fact]
    public async Task A_node_that_lives_on_without_serving_is_started_anew_once()
    {
        serving = 2;
        Assert.Equal("node 1 lived on without serving", await new Operator(Cluster, TimeSpan.Zero).TendAsync(1));
        Assert.Equal(["restart", "restart"], Verbs());
    }

    [Fact]
    public async Task A_node_that_cannot_start_over_what_it_left_is_mended_and_started()
    {
        File.Delete(Log);
        await Cluster.KillAsync(1);
        await Cluster.RestartAsync(1);
        serving = 3;
        Assert.Equal("node 1 had ended (made the log)", await new Operator(Cluster, Patience).TendAsync(1));
        Assert.Equal(["restart", "kill", "restart", "mend", "restart"], Verbs());
    }

    [Fact]
    public async Task A_node_that_another_fault_keeps_down_is_left_to_it()
    {
        await Cluster.KillAsync(1);
        Assert.Equal("", await new Operator(Cluster, TimeSpan.Zero).TendAsync(1));
        Assert.False(Cluster.IsRunning(1));
        serving = 2;
        await Cluster.RestartAsync(1);
        Assert.True(Cluster.IsRunning(1));
    }

    /// <summary>The node tells the number of its start in its command line.</summary>
    private string? Mode()
    {
        if (started is null)
            return "leader";

        try
        {
            var command = File.ReadAllText($"/proc/{Cluster.PidOf(1)}/cmdline");
            return command.Contains($"/node-{serving}\0", StringComparison.Ordinal) ? "leader" : null;
        }
        catch (IOException)
        {
            // It has ended.
            return null;
        }
    }

    private string[] Verbs() => File.ReadAllLines(Path.Combine(Cluster.Directory, "verbs"));
}
