import { all, contains, conversation, excludes, says } from './draft.ts'

/** Mails and app texts between English and the languages of the shop. */
export const translation = [
  conversation({
    id: 'translate-german',
    system: 'desk',
    task: 'translation',
    turns: [
      says({
        user: 'Into German:\nYour return label is attached. Please put the Therm with its base plate into the box. We refund €126.65 within 5 business days.',
        difficulty: 0.2,
        right:
          'Ihr Rücksendeetikett finden Sie im Anhang. Bitte legen Sie das Therm mit seiner Grundplatte in den Karton. Wir erstatten Ihnen 126,65 € innerhalb von 5 Werktagen.',
        wrong:
          'Dein Rückgabelabel ist angehängt. Bitte lege den Thermostat mit seiner Grundplatte in die Box. Wir erstatten €126.65 innerhalb von 5 Geschäftstagen.',
        check: all(contains('Rücksendeetikett', 'Therm', '126,65 €', '5 Werktage', ['Ihr ', 'Ihnen', 'Sie ']), excludes('Dein ')),
      }),
      says({
        user: 'Into German, it goes on a button and a hint:\nTurn on auto-lock\nYour lock locks {minutes} minutes after the door was closed.',
        difficulty: 0.3,
        right: 'Automatische Verriegelung einschalten\nIhr Schloss verriegelt {minutes} Minuten, nachdem die Tür geschlossen wurde.',
        wrong: 'Auto-Lock einschalten\nIhr Schloss sperrt {Minuten} Minuten, nachdem die Tür geschlossen wurde.',
        check: contains('Automatische Verriegelung', '{minutes}', 'Ihr Schloss'),
      }),
      says({
        user: 'And this into English, it is from a customer:\nSeit dem letzten Firmware-Update fällt mein Wassermelder im Keller ständig aus, obwohl die Batterie noch voll ist. Übersehe ich da etwas, oder ist das ein Fall für die Garantie?',
        difficulty: 0.2,
        right:
          'Since the last firmware update, the leak sensor in my cellar keeps dropping out although its battery is still full. Am I overlooking something, or is this a case for the warranty?',
        wrong:
          'Since the last firmware update my water meter in the cellar is failing all the time, although the battery is still full. Do I oversee something, or is that a case for the guarantee?',
        check: all(contains('leak sensor', 'firmware', 'warranty', ['overlooking', 'missing']), excludes('water meter')),
      }),
    ],
  }),
  conversation({
    id: 'translate-french',
    system: 'desk',
    task: 'translation',
    turns: [
      says({
        user: 'Into French:\nWe are sorry that the camera arrived damaged. A new one is on its way; you do not have to send the old one back first.',
        difficulty: 0.15,
        right:
          'Nous sommes désolés que la caméra soit arrivée endommagée. Une nouvelle est en route ; vous n’avez pas besoin de renvoyer l’ancienne au préalable.',
        wrong:
          'Nous sommes désolés que la caméra soit arrivée endommagée. Une nouvelle est en route dès que vous nous aurez renvoyé l’ancienne.',
        check: all(
          contains(['endommagée', 'abîmée'], ["n'avez pas besoin", "n'avez pas à", "n'est pas nécessaire", 'inutile', "n'êtes pas obligé"]),
          excludes('dès que vous'),
        ),
      }),
      says({
        user: 'Into French:\nPairing failed. Hold the device closer than 3 m to the Hub and try again. Your recordings are not affected.',
        difficulty: 0.3,
        right: 'L’appairage a échoué. Placez l’appareil à moins de 3 m du Hub et réessayez. Vos enregistrements ne sont pas concernés.',
        wrong: 'Le couplage a échoué. Placez l’appareil à plus de 3 m du concentrateur et réessayez. Tes vidéos ne sont pas concernées.',
        check: contains('appairage', ['moins de 3 m', 'moins de 3m'], 'Hub', 'enregistrements', 'Vos '),
      }),
      says({
        user: 'Into French, price list:\nPlus: €3.99 a month or €39.90 a year. The trial of 30 days ends by itself and does not become a paid plan.',
        difficulty: 0.3,
        right:
          'Plus : 3,99 € par mois ou 39,90 € par an. L’essai de 30 jours prend fin de lui-même et ne devient pas un abonnement payant.',
        wrong: 'Plus : €3.99 par mois ou €39.90 par an. Après l’essai de 30 jours, il devient automatiquement un abonnement payant.',
        check: contains('3,99 €', '39,90 €', '30 jours', ['ne devient pas', 'ne se transforme pas', 'sans devenir']),
      }),
    ],
  }),
  conversation({
    id: 'translate-spanish',
    system: 'desk',
    task: 'translation',
    turns: [
      says({
        user: 'Into Spanish:\nYour parcel NL-471556 is late. We have opened a search with the carrier, which takes up to 5 business days.',
        difficulty: 0.15,
        right: 'Su paquete NL-471556 va con retraso. Hemos abierto una búsqueda con el transportista, que tarda hasta 5 días hábiles.',
        wrong:
          'Tu paquete NL-471556 va con retraso. Hemos abierto una búsqueda con el transportista, que tarda al menos 5 días de negocios.',
        check: contains('NL-471556', '5 días hábiles', 'Su paquete', ['hasta', 'máximo']),
      }),
      says({
        user: 'Into Spanish:\nThe warranty does not cover damage by leaking rechargeable batteries. A leak sensor used as the manual says is covered for 36 months.',
        difficulty: 0.35,
        right:
          'La garantía no cubre los daños causados por fugas de pilas recargables. Un sensor de fugas utilizado según el manual está cubierto durante 36 meses.',
        wrong:
          'La garantía cubre los daños causados por fugas de pilas recargables. Un detector de agua utilizado según el manual está cubierto durante 24 meses.',
        check: contains('garantía no cubre', 'recargables', 'sensor de fugas', '36 meses'),
      }),
      says({
        user: 'Into Spanish, one line, for a push message:\nThe door is open. Shall Latch 2 lock it for you?',
        difficulty: 0.2,
        right: 'La puerta está abierta. ¿Quiere que Latch 2 la cierre por usted?',
        wrong: 'La puerta está abierta. ¿Quieres que Pestillo 2 la cierre por ti?',
        check: contains('Latch 2', ['quiere', 'desea'], 'puerta'),
      }),
    ],
  }),
  conversation({
    id: 'translate-japanese',
    system: 'desk',
    task: 'translation',
    turns: [
      says({
        user: 'Into Japanese:\nPlease update the firmware of the Hub to 5.4.2. Do not unplug it while it blinks blue.',
        difficulty: 0.35,
        right: 'Hubのファームウェアを5.4.2に更新してください。青く点滅している間は、電源プラグを抜かないでください。',
        wrong: 'ハブの固件を5.4.2に更新しなさい。青く点灯している間は、電源プラグを抜いてください。',
        check: contains('Hub', 'ファームウェア', '5.4.2', '点滅', ['抜かないで', '外さないで', '切らないで']),
      }),
      says({
        user: 'Into Japanese:\nThe leak sensor has a warranty of 36 months. Repairs of other devices cost €79.00 for the first hour.',
        difficulty: 0.5,
        right: '漏水センサーの保証期間は36か月です。その他の機器の修理は、最初の1時間が79.00ユーロです。',
        wrong: '水漏れ検知器の保証期間は36か月だ。その他の機器の修理は、1時間ごとに€79.00です。',
        check: contains('漏水センサー', '保証', '36', '79.00ユーロ', ['最初の1時間', '初めの1時間', 'はじめの1時間']),
      }),
      says({
        user: 'Into English, from a customer in Osaka:\nオートロックをオンにしましたが、夜になると鍵がかかりません。電池は先週交換したばかりです。',
        difficulty: 0.35,
        right: 'I turned on auto-lock, but at night the door does not lock. I replaced the batteries only last week.',
        wrong: 'I turned off auto-lock, but at night the door still locks. The batteries will be replaced next week.',
        check: all(
          contains(
            'auto-lock',
            ['turned on', 'switched on', 'enabled', 'activated', 'have on'],
            ['not lock', "doesn't lock", "won't lock"],
            'last week',
          ),
        ),
      }),
    ],
  }),
  conversation({
    id: 'translate-chinese',
    system: 'desk',
    task: 'translation',
    turns: [
      says({
        user: 'Into Chinese (simplified):\nYour warranty runs until 20 February 2027. We send you a replacement free of charge.',
        difficulty: 0.2,
        right: '您的保修期至2027年2月20日。我们将免费为您寄送一件替换产品。',
        wrong: '你的担保到2027年20月2日。我们将为你寄送一件替换产品，费用由你承担。',
        check: contains('您', '保修', ['2027年2月20日', '2027 年 2 月 20 日'], '免费'),
      }),
      says({
        user: 'Into Chinese (simplified):\nThe leak sensor warns you even without internet, but messages need the Hub. Update the firmware before pairing.',
        difficulty: 0.45,
        right: '即使没有互联网，漏水传感器也会发出警报，但发送消息需要Hub。请您在配对之前更新固件。',
        wrong: '没有互联网时，水浸探测器不会发出警报，发送消息需要集线器。请您在配对之后更新软件。',
        check: contains('漏水传感器', 'Hub', '固件', ['配对之前', '配对前', '再配对', '先更新']),
      }),
      says({
        user: 'Into English:\n自动上锁后，我的指纹打不开门，只能用钥匙。请问可以退货吗？我是三天前收到的。',
        difficulty: 0.35,
        right:
          'After auto-lock, I cannot open the door with my fingerprint, only with the key. May I return it? I received it three days ago.',
        wrong:
          'After unlocking by itself, my key does not open the door, only my fingerprint does. May I exchange it? I received it three weeks ago.',
        check: all(contains('auto-lock', 'fingerprint', ['return', 'send it back'], ['three days', '3 days'])),
      }),
    ],
  }),
  conversation({
    id: 'translate-portuguese-brazil',
    system: 'desk',
    task: 'translation',
    turns: [
      says({
        user: 'Into Brazilian Portuguese:\nYou can cancel your order free of charge until it is packed. After that it is a return.',
        difficulty: 0.15,
        right: 'Você pode cancelar o seu pedido gratuitamente até que ele seja embalado. Depois disso, trata-se de uma devolução.',
        wrong: 'O senhor pode cancelar a sua encomenda gratuitamente depois de ela ser embalada. Antes disso, trata-se de um retorno.',
        check: contains('Você', 'pedido', ['até que', 'até ele', 'até ser', 'enquanto não', 'antes de'], 'devolução'),
      }),
      says({
        user: 'Into Brazilian Portuguese:\nReminder: the leak sensor in {room} has a low battery. Replace its CR2 within 2 weeks. Recordings are not affected.',
        difficulty: 0.35,
        right:
          'Lembrete: o sensor de vazamento em {room} está com a bateria fraca. Troque a pilha CR2 em até 2 semanas. As gravações não são afetadas.',
        wrong:
          'Lembrete: o detector de água em {quarto} está com a bateria fraca. Troque a pilha CR2 depois de 2 semanas. Os registos não são afetados.',
        check: contains(
          'sensor de vazamento',
          '{room}',
          'CR2',
          ['em até 2', 'dentro de 2', 'nas próximas 2', 'no prazo de 2'],
          'gravações',
        ),
      }),
      says({
        user: 'Same text, last sentence only, into Italian and into Dutch, one line each.',
        difficulty: 0.3,
        right: 'Le registrazioni non sono interessate.\nDe opnamen blijven ongewijzigd.',
        wrong: 'I video non sono interessati.\nDe registraties blijven niet behouden.',
        check: contains('registrazioni', 'opnamen'),
      }),
    ],
  }),
  conversation({
    id: 'translate-italian-letter',
    system: 'desk',
    task: 'translation',
    turns: [
      says({
        user: 'Into Italian:\nDear Ms Ricci, the technician comes on Friday, 13 March 2026, between 17:00 and 20:00. Under warranty the visit is free. You can move it until 18:00 on the business day before; after that it costs €30.00.',
        difficulty: 0.35,
        right:
          'Gentile signora Ricci, il tecnico verrà venerdì 13 marzo 2026, tra le 17:00 e le 20:00. In garanzia la visita è gratuita. Lei può spostarla fino alle 18:00 del giorno lavorativo precedente; in seguito costa € 30,00.',
        wrong:
          'Cara Ricci, il tecnico verrà giovedì 13 marzo 2026, tra le 17:00 e le 20:00. In garanzia la visita è gratuita. Puoi spostarla fino alle 18:00 del giorno stesso; in seguito costa €30.00.',
        check: contains('venerdì 13 marzo 2026', ['garanzia'], 'giorno lavorativo', '18:00', ['€ 30,00', '30,00 €']),
      }),
      says({
        user: 'She answers. Into English, please:\nVa benissimo. Potrebbe il tecnico portare anche una batteria per il sensore antiallagamento? Quella in dotazione si è scaricata dopo appena un mese.',
        difficulty: 0.25,
        right:
          'That is perfectly fine. Could the technician also bring a battery for the leak sensor? The one that came with it ran down after just a month.',
        wrong:
          'That is perfectly fine. Could the technician also bring a battery for the anti-flooding device? The supplied one was downloaded after barely a month.',
        check: all(contains('technician', 'leak sensor', 'battery', 'month'), excludes('downloaded')),
      }),
      says({
        user: 'And our reply into Italian:\nOf course. A battery in the box has 6 months of warranty, so there is nothing to pay.',
        difficulty: 0.2,
        right: 'Certamente. La batteria in dotazione ha 6 mesi di garanzia, quindi Lei non deve pagare nulla.',
        wrong: 'Certamente. La batteria ha 16 mesi di assicurazione, quindi devi pagare.',
        check: contains('6 mesi', 'garanzia', ['nulla', 'niente', 'gratuit', 'alcun costo']),
      }),
    ],
  }),
]
