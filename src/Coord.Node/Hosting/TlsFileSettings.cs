using Coord.Node.Tls;

namespace Coord.Node.Hosting;

/// <summary>Reads the files that a section of the settings names: certificate, key and authority.</summary>
internal static class TlsFileSettings
{
    /// <summary>The keys of a section.</summary>
    public static string[] KeysOf(string section) =>
        [$"{section}:certificate", $"{section}:key", $"{section}:authority"];

    /// <summary>Opens the files; null when the section is not there.</summary>
    /// <param name="values">All settings.</param>
    /// <param name="section">The section.</param>
    /// <param name="needsAuthority">Whether the other side is to show a certificate too.</param>
    /// <param name="objection">Says what is wrong with a certificate; null: nothing.</param>
    /// <exception cref="SettingsException">A file is missing, or no PEM.</exception>
    public static TlsFiles? Open(
        SettingValues values, string section, bool needsAuthority, Func<TlsCredentials, string?> objection)
    {
        var keys = KeysOf(section);
        if (keys.All(key => values[key] is null))
            return null;
        var needed = needsAuthority ? keys : keys[..2];
        foreach (var key in needed)
        {
            if (string.IsNullOrWhiteSpace(values[key]))
                throw values.Wrong(key, $"name a PEM file; {section} needs all of {Names(needed)}");
        }

        try
        {
            return new TlsFiles(
                new TlsFileNames(section, values[keys[0]]!, values[keys[1]]!, values[keys[2]]), objection);
        }
        catch (TlsFileException failure)
        {
            throw values.Wrong($"{section}:{failure.Part}", failure.Message);
        }
    }

    private static string Names(string[] keys)
    {
        var names = keys.Select(key => key.Split(':')[1]).ToArray();
        return $"{string.Join(", ", names[..^1])} and {names[^1]}";
    }
}
