using Microsoft.Extensions.Configuration;

namespace Coord.Node.Hosting;

/// <summary>One place that settings come from, and how a key is written there.</summary>
/// <param name="Name">As a message begins: a file name, or what kind of source it is.</param>
/// <param name="Provider">The values.</param>
/// <param name="Spell">Turns a key such as <c>nodes:0:id</c> into the way it is written in this source.</param>
internal sealed record SettingSource(string Name, IConfigurationProvider Provider, Func<string, string> Spell)
{
    /// <summary><c>nodes:0:id</c> as <c>nodes[0].id</c>.</summary>
    public static string SpellJson(string key)
    {
        var parts = key.Split(':');
        return string.Concat(parts.Select((part, i) =>
            int.TryParse(part, out _) ? $"[{part}]" : i == 0 ? part : $".{part}"));
    }

    /// <summary><c>nodes:0:id</c> as <c>COORD__nodes__0__id</c>.</summary>
    public static string SpellEnvironment(string key) => "COORD__" + key.Replace(":", "__", StringComparison.Ordinal);

    /// <summary><c>nodes:0:id</c> as <c>--nodes:0:id</c>.</summary>
    public static string SpellOption(string key) => "--" + key;
}
