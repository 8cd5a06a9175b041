namespace Coord.RecipeLoad;

/// <summary>What is called, on what, how often at once and for how long.</summary>
/// <param name="Store">coord, plain (no extension of the server is used by recipes), zookeeper or redis.</param>
/// <param name="Hosts">Where it is, as in a connection string.</param>
/// <param name="Operation">lock, handoff, counter, version, zxid, block or snowflake.</param>
/// <param name="Path">The znode, or the key.</param>
/// <param name="Clients">Clients of this process, each with a session or a connection of its own.</param>
/// <param name="Callers">Calls of each client at a time.</param>
/// <param name="Warm">Before the measured time.</param>
/// <param name="Measured">The measured time.</param>
internal sealed record LoadOptions(
    string Store, string Hosts, string Operation, string Path, int Clients, int Callers, TimeSpan Warm,
    TimeSpan Measured)
{
    /// <exception cref="ArgumentException">A word is unknown, missing or wrong.</exception>
    internal static LoadOptions Parse(IReadOnlyList<string> words)
    {
        if (words.Count % 2 != 0)
            throw new ArgumentException($"{words[^1]} has no value.");
        var values = words.Chunk(2).ToDictionary(static pair => pair[0], static pair => pair[1]);
        var options = new LoadOptions(
            Take("--store"), Take("--hosts"), Take("--op"), Take("--path"), Number("--clients"), Number("--callers"),
            TimeSpan.FromSeconds(Number("--warm")), TimeSpan.FromSeconds(Number("--secs")));
        return values.Count == 0 ? options : throw new ArgumentException($"{values.Keys.First()}: not known.");

        string Take(string name) =>
            values.Remove(name, out var value) ? value : throw new ArgumentException($"{name} is missing.");

        int Number(string name) => int.TryParse(Take(name), out var number) && number >= 0
            ? number : throw new ArgumentException($"{name} wants a number.");
    }
}
