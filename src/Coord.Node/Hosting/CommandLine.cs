using System.CommandLine;

namespace Coord.Node.Hosting;

/// <summary>The options of the node's program, and its help.</summary>
internal static class CommandLine
{
    private const string About =
        """
        Runs a node of a Coord cluster: a coordination service that speaks ZooKeeper's protocol.

        Every setting comes from the file, from an environment variable or from the command line; the later of these
        wins. The key zookeeper:tickTime is written
          { "zookeeper": { "tickTime": 2000 } }      in the file
          COORD__zookeeper__tickTime=2000            in the environment
          --zookeeper:tickTime=2000                  on the command line
        Exit codes: 0 stopped by SIGTERM or SIGINT, 2 wrong settings, 3 data unusable, 70 broken invariant or failed
        disk.
        """;

    private static readonly string[] DevDefaults =
    [
        "cluster", "dev", "node", "1", "nodes:0:id", "1", "nodes:0:client", "127.0.0.1:2181",
        "nodes:0:peer", "127.0.0.1:2281", "nodes:0:admin", "127.0.0.1:8081",
    ];

    private const string AboutFoundAnew =
        """
        When a majority of the nodes is lost for good: makes a new cluster of one from the data of a node that is left.

        Give the stopped node's settings as for running it, and an empty directory with --to. What the node's log holds
        is kept, committed or not; what only the lost nodes had is lost. The old data stays as it is, apart from what a
        start mends. Then start the node on the new directory, and let the others in on empty ones.
        """;

    /// <summary>
    /// Builds the command: <paramref name="run"/> gets the settings, <paramref name="foundAnew"/> also the directory
    /// that it makes; both give the exit code.
    /// </summary>
    public static RootCommand Create(Func<NodeSettings, Task<int>> run, Func<NodeSettings, string, int> foundAnew)
    {
        var config = new Option<string?>("--config") { Description = "The cluster's file, such as cluster.json." };
        var node = new Option<string?>("--node") { Description = "Which of the file's nodes this is: its id." };
        var data = new Option<string?>("--data") { Description = "The node's data directory; made if missing." };
        var dev = new Option<bool>("--dev")
        {
            Description = "A single node on ports 2181 (clients) and 8081 (admin), its data in a temporary folder.",
        };
        var to = new Option<string>("--to") { Description = "The new data directory.", Required = true };
        var anew = new Command("found-anew", AboutFoundAnew) { config, node, data, to };
        var root = new RootCommand(About) { config, node, data, dev, anew };
        root.TreatUnmatchedTokensAsErrors = false;
        anew.TreatUnmatchedTokensAsErrors = false;
        root.SetAction((parsed, _) => RunAsync(Read(parsed), parsed.GetValue(dev), run));
        anew.SetAction(parsed => foundAnew(SettingsReader.Read(Read(parsed)), parsed.GetValue(to)!));
        return root;

        SettingValues Read(ParseResult parsed)
        {
            var values = new SettingValues();
            if (parsed.GetValue(dev))
                values.AddDefaults("--dev", Pairs(DevDefaults));
            if (parsed.GetValue(config) is { } file)
                values.AddFile(file);
            else if (!parsed.GetValue(dev))
                throw new SettingsException("config: name the cluster's file with --config FILE, or start with --dev");
            values.AddEnvironment();
            values.AddOptions([.. Given("node", parsed.GetValue(node)), .. Given("data", parsed.GetValue(data)),
                .. parsed.UnmatchedTokens]);
            return values;
        }
    }

    private static async Task<int> RunAsync(
        SettingValues values, bool isDev, Func<NodeSettings, Task<int>> run)
    {
        if (!isDev || values["data"] is not null)
            return await run(SettingsReader.Read(values) with { HasPeerPort = !isDev });
        var folder = Directory.CreateTempSubdirectory("coord-dev-");
        try
        {
            values.AddDefaults("--dev", Pairs(["data", folder.FullName]));
            return await run(SettingsReader.Read(values) with { HasPeerPort = false });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string[] Given(string key, string? value) => value is null ? [] : ["--" + key, value];

    private static IEnumerable<KeyValuePair<string, string?>> Pairs(string[] flat) =>
        flat.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]));
}
