using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Coord.Interop.Admin;

/// <summary>Asks four-letter words, and takes the values out of their answers.</summary>
internal static partial class Word
{
    private const int PatienceMs = 120_000;

    /// <summary>The whole answer, until the server closes.</summary>
    public static string Ask(int port, string word)
    {
        using var client = new TcpClient("127.0.0.1", port) { ReceiveTimeout = PatienceMs };
        client.GetStream().Write(Encoding.ASCII.GetBytes(word));
        using var answer = new StreamReader(client.GetStream(), Encoding.UTF8);
        return answer.ReadToEnd();
    }

    /// <summary>The form of an answer: its lines with a letter in place of each address, number and date.</summary>
    public static string[] FormOf(string answer)
    {
        var text = Address.Replace(answer, "ADDRESS");
        text = Date.Replace(text, "DATE");
        text = Hexadecimal.Replace(text, "0xH");
        return Number.Replace(text, "N").Split('\n');
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Address { get; }

    [GeneratedRegex(@"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4}")]
    private static partial Regex Date { get; }

    [GeneratedRegex("0x[0-9a-f]+")]
    private static partial Regex Hexadecimal { get; }

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Number { get; }
}
