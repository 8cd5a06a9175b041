using System.Collections.Frozen;

namespace Coord.Node.Admin.Words;

/// <summary>The words that are answered: ZooKeeper's setting <c>4lw.commands.whitelist</c>.</summary>
internal sealed class WordList
{
    /// <summary>The setting, as ZooKeeper spells it.</summary>
    public const string SettingKey = "zookeeper:4lw.commands.whitelist";

    // What only reads, and no list of ephemerals or watches (zookeeper-protocol 10.1).
    private const string Default = "srvr, ruok, stat, mntr, conf, isro, envi, cons, dirs, wchs";

    private readonly FrozenSet<string> words;

    private WordList(IEnumerable<string> words) => this.words = words.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The words where the setting says nothing.</summary>
    public static WordList Standard { get; } = new(Default.Split(", "));

    /// <summary>Reads the setting: words between commas, or <c>*</c> for all of them; none when it is empty.</summary>
    /// <param name="text">The setting.</param>
    /// <param name="list">The words.</param>
    /// <param name="unknown">The first one that is no word.</param>
    public static bool TryParse(string text, out WordList list, out string unknown)
    {
        var named = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        unknown = named.FirstOrDefault(name => name != "*" && !FourLetterWords.All.Contains(name)) ?? "";
        list = new WordList(named.Contains("*") ? FourLetterWords.All : named);
        return unknown.Length == 0;
    }

    public bool Has(string word) => words.Contains(word);
}
