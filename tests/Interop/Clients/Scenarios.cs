namespace Coord.Interop.Clients;

/// <summary>What every client has to be able to do; the scripts have a function for each.</summary>
public static class Scenarios
{
    public static TheoryData<string> All =>
    [
        "create_get_set_delete",
        "children",
        "sequential",
        "ephemeral_vanishes_on_close",
        "ephemeral_vanishes_on_expiry",
        "watch_fires_once",
        "multi_is_all_or_nothing",
        "session_survives_the_death_of_its_node",
    ];

    /// <summary>
    /// Lets a script play a scenario to its end, and does to the cluster what it asks for; other lines are heard.
    /// </summary>
    internal static async Task PlayAsync(InteropCluster cluster, ClientProcess client, Action<string>? hear = null)
    {
        try
        {
            while (await client.NextLineAsync() is { } line)
            {
                if (line == "ok")
                    return;
                if (line == "failed")
                    break;
                if (line.Split(' ')[0] is "kill" or "restart" or "add" or "wipe")
                {
                    cluster.Obey(line);
                    client.Say("done");
                }
                else
                {
                    hear?.Invoke(line);
                }
            }

            Assert.Fail(await client.EndAsync());
        }
        finally
        {
            cluster.Heal();
        }
    }
}
