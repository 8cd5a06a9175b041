using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace Coord.Node.Hosting;

/// <summary>
/// All settings of a node from their sources, in the order of Microsoft.Extensions.Configuration: file, environment
/// variables that begin with COORD__, command line. Remembers where each value came from, to say so when it is wrong.
/// </summary>
internal sealed class SettingValues
{
    // Last one wins.
    private readonly List<SettingSource> sources = [];

    /// <summary>Adds values that a mode of the node implies, such as those of <c>--dev</c>.</summary>
    public void AddDefaults(string name, IEnumerable<KeyValuePair<string, string?>> values) =>
        Add(name, new MemoryConfigurationSource { InitialData = values }, SettingSource.SpellJson);

    /// <summary>Adds the values of a JSON file.</summary>
    public void AddFile(string path)
    {
        var file = Path.GetFileName(path);
        try
        {
            var json = new MemoryStream(File.ReadAllBytes(path));
            Add(file, new Microsoft.Extensions.Configuration.Json.JsonStreamConfigurationSource { Stream = json },
                SettingSource.SpellJson);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SettingsException($"{path}: no such file; --config names the cluster's file (see cluster.json)");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{path}: cannot be read: {failure.Message}");
        }
        catch (JsonException failure)
        {
            var place = $"line {failure.LineNumber + 1}, column {failure.BytePositionInLine + 1}";
            throw new SettingsException($"{path}: {place}: not valid JSON: {Sentence(failure.Message)}");
        }
        catch (FormatException failure)
        {
            throw new SettingsException($"{path}: {Sentence(failure.Message)}");
        }
    }

    /// <summary>Adds environment variables <c>COORD__…</c>.</summary>
    public void AddEnvironment() => Add(
        "environment",
        new Microsoft.Extensions.Configuration.EnvironmentVariables.EnvironmentVariablesConfigurationSource
        {
            Prefix = "COORD__",
        },
        SettingSource.SpellEnvironment);

    /// <summary>Adds options of the form <c>--key=value</c> or <c>--key value</c>.</summary>
    public void AddOptions(IReadOnlyList<string> tokens)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (!token.StartsWith("--", StringComparison.Ordinal) || token.Length < 3)
                throw new SettingsException($"command line: '{token}': options are written --key value; see --help");
            var equals = token.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 && i + 1 == tokens.Count)
                throw new SettingsException($"command line: {token}: its value is missing; see --help");
            var key = equals < 0 ? token[2..] : token[2..equals];
            if (!values.TryAdd(key, equals < 0 ? tokens[++i] : token[(equals + 1)..]))
                throw new SettingsException($"command line: --{key} is given twice");
        }

        Add("command line", new MemoryConfigurationSource { InitialData = values }, SettingSource.SpellOption);
    }

    /// <summary>Every key that has a value somewhere, with the source that decides it.</summary>
    public IEnumerable<string> Keys => sources
        .SelectMany(source => Leaves(source.Provider, null))
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .Order(ConfigurationKeyComparer.Instance);

    /// <summary>The value of a key, or null when no source has it.</summary>
    public string? this[string key] => Find(key)?.Value;

    /// <summary>The value as a whole number within a range; null when there is none.</summary>
    public long? Number(string key, long least, long most, string meaning)
    {
        if (this[key] is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : throw Wrong(key, $"must be {meaning}, a whole number from {least} to {most}");
    }

    /// <summary>The value as true or false; null when there is none.</summary>
    public bool? Flag(string key)
    {
        if (this[key] is not { } text)
            return null;
        return bool.TryParse(text, out var flag) ? flag : throw Wrong(key, "must be true or false");
    }

    /// <summary>What to throw about a key: where it stands, what it says, and what would be right.</summary>
    public SettingsException Wrong(string key, string right) => new($"{Describe(key)}: {right}");

    /// <summary>Source, key and value, as messages begin.</summary>
    public string Describe(string key) => Find(key) is { } found
        ? $"{found.Source.Name}: {found.Source.Spell(key)} = {Quote(found.Value)}"
        : $"{sources[0].Name}: {sources[0].Spell(key)} is missing";

    /// <summary>Source and key, for a key that must not be there.</summary>
    public string Place(string key) => Find(key) is { } found
        ? $"{found.Source.Name}: {found.Source.Spell(key)}"
        : key;

    private static string Quote(string value) => long.TryParse(value, out _) ? value : $"\"{value}\"";

    private static string Sentence(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }

    private static IEnumerable<string> Leaves(IConfigurationProvider provider, string? parent)
    {
        foreach (var child in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var key = parent is null ? child : ConfigurationPath.Combine(parent, child);
            if (provider.TryGet(key, out _))
                yield return key;
            foreach (var leaf in Leaves(provider, key))
                yield return leaf;
        }
    }

    private void Add(string name, IConfigurationSource source, Func<string, string> spell)
    {
        var provider = source.Build(new ConfigurationBuilder());
        provider.Load();
        sources.Add(new SettingSource(name, provider, spell));
    }

    private (SettingSource Source, string Value)? Find(string key)
    {
        for (var i = sources.Count - 1; i >= 0; i--)
        {
            if (sources[i].Provider.TryGet(key, out var value) && value is not null)
                return (sources[i], value);
        }

        return null;
    }
}
