namespace Coord.Raft.Tests;


/// <summary>A line such as <c>deliver n1->n2 type=Heartbeat drop</c>.</summary>
internal sealed record ScenarioCommand(
    string Verb,
    IReadOnlyList<string> Words,
    IReadOnlyDictionary<string, string> Options)
{
    public IEnumerable<NodeId> Nodes => Words.Where(IsNode).Select(ToNode);

    public int NodeCount => Nodes.Count();

    public static ScenarioCommand Parse(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var options = parts.Skip(1).Where(part => part.Contains('='))
            .ToDictionary(part => part[..part.IndexOf('=')], part => part[(part.IndexOf('=') + 1)..]);
        return new ScenarioCommand(parts[0], [.. parts.Skip(1).Where(part => !part.Contains('='))], options);
    }

    public NodeId Node(int place) => ToNode(Words[place]);

    public string? Option(string name) => Options.GetValueOrDefault(name);

    public bool Has(string word) => Words.Contains(word);

    public int Number(string name, int otherwise) => Option(name) is { } text ? int.Parse(text) : otherwise;

    public NodeId? OptionalNode(string name) => Option(name) is { } text ? ToNode(text) : null;

    /// <summary>As in <c>waiting=n4,n5</c>.</summary>
    public NodeId[] NodeList(string name) => [.. (Option(name)?.Split(',') ?? []).Select(ToNode)];

    /// <summary>The nodes of the words that begin with a sign, as in <c>+n4 -n2</c>.</summary>
    public NodeId[] Signed(char sign) =>
        [.. Words.Where(word => word[0] == sign && IsNode(word[1..])).Select(word => ToNode(word[1..]))];

    public (NodeId From, NodeId To) Link()
    {
        var ends = Words[0].Split("->");
        return (ToNode(ends[0]), ToNode(ends[1]));
    }

    public int[][] Sides() =>
        [.. string.Join(' ', Words).Split('|').Select(side =>
            side.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => ToNode(word).Value).ToArray())];

    private static bool IsNode(string word) => word.Length > 1 && word[0] == 'n' && word.Skip(1).All(char.IsAsciiDigit);

    private static NodeId ToNode(string word) => new(int.Parse(word[1..]));
}
