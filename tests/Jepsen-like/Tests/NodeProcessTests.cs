using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>Faults that overlap on one node, with a launcher whose nodes only sleep.</summary>
public sealed class NodeProcessTests : IAsyncLifetime
{
    private const string Script = """
        set -e
        home=$2/$3
        mkdir -p "$home"
        echo "$1" >>"$2/verbs"
        case $1 in
        restart)
          setsid bash -c 'exec -a "$0" sleep 600' "$home/node" </dev/null >/dev/null 2>&1 &
          echo $! >"$home/pid"
          until read -r -d '' name <"/proc/$!/cmdline" && [ "$name" = "$home/node" ]; do :; done
          ;;
        pause) kill -STOP "$(cat "$home/pid")" ;;
        resume) kill -CONT "$(cat "$home/pid")" ;;
        wipe) touch "$home/wiped" ;;
        kill | end)
          kill -KILL "$(cat "$home/pid")"
          while grep -q '^State:.[^ZX]' "/proc/$(cat "$home/pid")/status" 2>/dev/null; do :; done
          ;;
        esac
        """;

    private readonly string directory = Directory.CreateTempSubdirectory("coord-process-").FullName;
    private readonly NodeProcess node;

    public NodeProcessTests()
    {
        var path = Path.Combine(directory, "launcher.sh");
        File.WriteAllText(path, Script);
        node = new NodeProcess(new Launcher(path), directory, number: 1, () => new Dictionary<string, string>());
    }

    public async ValueTask InitializeAsync() => await node.RestartAsync();

    public async ValueTask DisposeAsync()
    {
        if (node.IsRunning)
            await node.KillAsync();
        node.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_node_that_two_faults_took_down_runs_when_both_have_let_it_go()
    {
        await node.KillAsync();
        await node.EndAsync();
        await node.RestartAsync();
        Assert.False(node.IsRunning);
        await node.RestartAsync();
        Assert.True(node.IsRunning);
    }

    [Fact]
    public async Task A_node_that_stood_still_and_was_killed_stands_still_again_until_it_is_resumed()
    {
        await node.PauseAsync();
        await node.KillAsync();
        await node.RestartAsync();
        Assert.Equal('T', StateOf(node.Pid));
        await node.ResumeAsync();
        Assert.Equal('S', StateOf(node.Pid));
    }

    [Fact]
    public async Task A_node_that_was_resumed_while_it_was_down_goes_on_when_it_is_back()
    {
        await node.PauseAsync();
        await node.KillAsync();
        await node.ResumeAsync();
        await node.RestartAsync();
        Assert.Equal('S', StateOf(node.Pid));
        Assert.DoesNotContain("resume", Verbs());
    }

    [Fact]
    public async Task A_node_is_paused_once_and_resumed_when_the_last_fault_lets_it_go()
    {
        await node.PauseAsync();
        await node.PauseAsync();
        await node.ResumeAsync();
        Assert.Equal('T', StateOf(node.Pid));
        await node.ResumeAsync();
        Assert.Equal(["restart", "pause", "resume"], Verbs());
    }

    [Fact]
    public async Task A_node_that_ended_by_itself_is_told_of_when_the_next_fault_would_take_it_down()
    {
        await new Launcher(Path.Combine(directory, "launcher.sh")).RunAsync("kill", directory, "1");
        await Assert.ThrowsAsync<LauncherException>(node.KillAsync);
    }

    [Fact]
    public async Task Only_a_node_that_is_down_can_be_wiped()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(node.WipeAsync);
        await node.KillAsync();
        await node.WipeAsync();
        Assert.True(File.Exists(Path.Combine(directory, "1", "wiped")));
    }

    [Fact]
    public async Task Verbs_of_many_faults_at_once_leave_the_node_as_it_was()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(i % 2 == 0 ? KillAndRestartAsync : PauseAndResumeAsync)));
        Assert.Equal('S', StateOf(node.Pid));

        async Task KillAndRestartAsync()
        {
            await node.KillAsync();
            await node.RestartAsync();
        }

        async Task PauseAndResumeAsync()
        {
            await node.PauseAsync();
            await node.ResumeAsync();
        }
    }

    private string[] Verbs() => File.ReadAllLines(Path.Combine(directory, "verbs"));

    /// <summary>S: it sleeps, T: it was stopped.</summary>
    private static char StateOf(int pid)
    {
        while (true)
        {
            var lines = File.ReadLines($"/proc/{pid}/status");
            var state = lines.Single(line => line.StartsWith("State:", StringComparison.Ordinal));
            var letter = state["State:".Length..].Trim()[0];
            if (letter is 'S' or 'T')
                return letter;
        }
    }
}
