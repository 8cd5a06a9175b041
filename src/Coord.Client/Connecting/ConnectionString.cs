using System.Globalization;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// <c>[coord://|coords://][user:password@]host[:port],host[:port][/chroot][?name=value&amp;name=value]</c>, which
/// includes ZooKeeper's bare form <c>h1:2181,h2:2181/app</c>; <c>coords</c> means TLS. The password never appears in
/// <see cref="ToString"/>.
/// </summary>
public sealed class ConnectionString
{
    private const string Scheme = "coord://";
    private const string TlsScheme = "coords://";

    private ConnectionString(
        bool isTls, IReadOnlyList<Endpoint> endpoints, string chroot, AuthCredential? credential)
    {
        IsTls = isTls;
        Endpoints = endpoints;
        Chroot = chroot;
        Credential = credential;
    }

    /// <summary>Whether the scheme is <c>coords</c>: connections are encrypted.</summary>
    public bool IsTls { get; }

    /// <summary>The addresses in the order written; at least one.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; }

    /// <summary>Prefix of every path: <c>/</c> for none, otherwise a valid path without a trailing slash.</summary>
    public string Chroot { get; }

    /// <summary>Digest credentials of the <c>user:password@</c> part, or null.</summary>
    public AuthCredential? Credential { get; }

    /// <summary>The <c>sessionTimeout</c> given, or null.</summary>
    public TimeSpan? SessionTimeout { get; private set; }

    /// <summary>The <c>connectTimeout</c> given, or null.</summary>
    public TimeSpan? ConnectTimeout { get; private set; }

    /// <summary>The <c>requestTimeout</c> given, or null.</summary>
    public TimeSpan? RequestTimeout { get; private set; }

    /// <summary>The <c>consistency</c> given, or null.</summary>
    public ReadConsistency? Consistency { get; private set; }

    /// <summary>The <c>readOnly</c> given, or null.</summary>
    public bool? ReadOnly { get; private set; }

    /// <summary>The <c>name</c> given, or null.</summary>
    public string? Name { get; private set; }

    /// <summary>
    /// The <c>tlsCa</c> given: a PEM file of the authorities to trust instead of the system's; or null.
    /// </summary>
    public string? TlsCa { get; private set; }

    /// <summary>
    /// The <c>tlsCert</c> given: a PEM file of our certificate, with those between it and its authority behind it; or
    /// null.
    /// </summary>
    public string? TlsCert { get; private set; }

    /// <summary>The <c>tlsKey</c> given: a PEM file of our key, not encrypted; or null.</summary>
    public string? TlsKey { get; private set; }

    /// <summary>What connections are encrypted by when the options do not say; null: not at all.</summary>
    internal TlsFiles? Tls => IsTls ? new TlsFiles(TlsCa, TlsCert, TlsKey) : null;

    /// <summary>Reads a connection string.</summary>
    /// <param name="text">The text; durations are written <c>500ms</c>, <c>10s</c> or <c>1m</c>.</param>
    /// <returns>Its parts.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException">A part is wrong; the message names it and never shows a
    /// password.</exception>
    public static ConnectionString Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rest = WithoutScheme(text.Trim(), out var isTls);
        var (beforeQuery, query) = Split(rest, '?');
        var userEnd = beforeQuery.LastIndexOf('@');
        AuthCredential? credential = null;
        if (userEnd >= 0)
        {
            credential = ReadCredential(beforeQuery[..userEnd]);
            beforeQuery = beforeQuery[(userEnd + 1)..];
        }

        var slash = beforeQuery.IndexOf('/', StringComparison.Ordinal);
        var hosts = slash < 0 ? beforeQuery : beforeQuery[..slash];
        var chroot = slash < 0 ? "/" : ReadChroot(beforeQuery[slash..]);
        var defaultPort = isTls ? Endpoint.DefaultTlsPort : Endpoint.DefaultPort;
        var result = new ConnectionString(isTls, ReadHosts(hosts, defaultPort), chroot, credential);
        result.ReadQuery(query);
        result.CheckTls();
        return result;
    }

    /// <summary>The addresses and the chroot; credentials are shown as <c>***</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var user = Credential is null ? string.Empty : "***@";
        var scheme = IsTls ? TlsScheme : Scheme;
        return $"{scheme}{user}{string.Join(',', Endpoints)}{(Chroot == "/" ? string.Empty : Chroot)}";
    }

    private static string WithoutScheme(string text, out bool isTls)
    {
        isTls = text.StartsWith(TlsScheme, StringComparison.OrdinalIgnoreCase);
        if (isTls)
            return text[TlsScheme.Length..];
        if (text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return text[Scheme.Length..];
        var mark = text.IndexOf("://", StringComparison.Ordinal);
        if (mark >= 0)
            throw Wrong($"scheme '{text[..mark]}' is not known; only 'coord' and 'coords' are");
        return text;
    }

    private static AuthCredential ReadCredential(string text)
    {
        var (user, password) = Split(text, ':');
        if (user.Length == 0 || password is null)
            throw Wrong("credentials must be 'user:password'");
        return AuthCredential.Digest(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
    }

    private static string ReadChroot(string text)
    {
        if (text == "/")
            return text;
        if (!PathRules.Validate(text, out var position, out var reason))
            throw Wrong($"chroot '{text}' is not a valid path at position {position}: {reason}");
        return text;
    }

    private static List<Endpoint> ReadHosts(string text, int defaultPort)
    {
        var endpoints = new List<Endpoint>();
        foreach (var part in text.Split(','))
        {
            var host = part.Trim();
            if (host.Length == 0)
                throw Wrong(text.Trim().Length == 0 ? "the list of hosts is empty" : $"an empty host in '{text}'");
            endpoints.Add(ReadHost(host, defaultPort));
        }

        return endpoints;
    }

    private static Endpoint ReadHost(string text, int defaultPort)
    {
        if (text[0] == '[')
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 2 || (end + 1 < text.Length && text[end + 1] != ':'))
                throw Wrong($"host '{text}'");
            return new Endpoint(text[1..end], end + 1 == text.Length ? defaultPort
                : ReadPort(text[(end + 2)..], text));
        }

        var (host, port) = Split(text, ':');
        if (host.Length == 0 || host.AsSpan().ContainsAny(" \t/@"))
            throw Wrong($"host '{text}'");
        return new Endpoint(host, port is null ? defaultPort : ReadPort(port, text));
    }

    private static int ReadPort(string text, string host)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        return isNumber && port is >= 1 and <= 65535 ? port : throw Wrong($"port of '{host}' is not within 1 to 65535");
    }

    private static (string Before, string? After) Split(string text, char at)
    {
        var position = text.IndexOf(at, StringComparison.Ordinal);
        return position < 0 ? (text, null) : (text[..position], text[(position + 1)..]);
    }

    private static ArgumentException Wrong(string what) => new($"Connection string: {what}.");

    private void ReadQuery(string? query)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in (query ?? string.Empty).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(pair, '=');
            if (!seen.Add(name))
                throw Wrong($"'{name}' is given twice");
            Set(name, Uri.UnescapeDataString(value ?? string.Empty));
        }
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "sessionTimeout": SessionTimeout = ReadDuration(name, value); break;
            case "connectTimeout": ConnectTimeout = ReadDuration(name, value); break;
            case "requestTimeout": RequestTimeout = ReadDuration(name, value); break;
            case "consistency":
                Consistency = Enum.TryParse<ReadConsistency>(value, ignoreCase: true, out var consistency)
                    && Enum.IsDefined(consistency) && !char.IsAsciiDigit(value[0])
                    ? consistency
                    : throw Wrong($"consistency '{value}' is none of session, fresh, linearizable");
                break;
            case "readOnly":
                ReadOnly = bool.TryParse(value, out var flag) ? flag
                    : throw Wrong($"readOnly '{value}' is not true or false");
                break;
            case "name":
                Name = value.Length is > 0 and <= CoordClientOptions.ClientNameMaxLength
                    ? value : throw Wrong("name must have 1 to 64 characters");
                break;
            case "tlsCa": TlsCa = ReadFile(name, value); break;
            case "tlsCert": TlsCert = ReadFile(name, value); break;
            case "tlsKey": TlsKey = ReadFile(name, value); break;
            default:
                throw Wrong($"name '{name}' is not known");
        }
    }

    private void CheckTls()
    {
        if (!IsTls && (TlsCa ?? TlsCert ?? TlsKey) is not null)
            throw Wrong("tlsCa, tlsCert and tlsKey belong to the scheme 'coords'");
        if (TlsCert is null != TlsKey is null)
            throw Wrong("tlsCert and tlsKey belong together");
    }

    private static string ReadFile(string name, string value) =>
        value.Length > 0 ? value : throw Wrong($"{name} names no file");

    private static TimeSpan ReadDuration(string name, string text)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var unit = digits <= 0 ? 0 : text[digits..] switch { "ms" => 1, "s" => 1000, "m" => 60_000, _ => 0 };
        if (unit == 0 || !long.TryParse(text.AsSpan(0, digits), CultureInfo.InvariantCulture, out var number)
            || number > 86_400_000)
            throw Wrong($"{name} '{text}' is not a duration like 500ms, 10s or 1m");
        return TimeSpan.FromMilliseconds(number * unit);
    }
}
